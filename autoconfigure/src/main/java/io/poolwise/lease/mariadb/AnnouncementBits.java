package io.poolwise.lease.mariadb;

import java.util.BitSet;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.Demand;
import org.jspecify.annotations.Nullable;

/**
 * An announcement as bits, each of which is a lock that is held or not: a session of
 * MariaDB can't show a text to others.
 */
final class AnnouncementBits {

	/** How many bits are read. */
	static final int COUNT = 64 + 5 * 16;

	/** How many bits count up what was announced; they come next. */
	static final int COUNTER = 3;

	/** Held while the others are about to change. */
	static final int CHANGING = COUNT + COUNTER;

	/** The version, in four bits; what earlier ones don't know comes after that. */
	private static final int VERSION = CHANGING + 1;

	private static final int MOST = 0xFFFF;

	private AnnouncementBits() {
	}

	static BitSet write(Announcement announcement) {
		BitSet bits = new BitSet(COUNT);
		put(bits, 0, 64, announcement.member());
		put(bits, 64, 16, Math.min(MOST, announcement.slots()));
		put(bits, 80, 16, Math.min(MOST, announcement.demand().slots()));
		put(bits, 96, 16, Math.min(MOST, announcement.minimumSize()));
		put(bits, 112, 16, announcement.calls());
		put(bits, 128, 16, Math.min(MOST, announcement.demand().used()));
		put(bits, VERSION, 4, 1);
		return bits;
	}

	private static void put(BitSet bits, int start, int count, long value) {
		for (int i = 0; i < count; i++) {
			bits.set(start + i, (value >>> i & 1) == 1);
		}
	}

	/**
	 * Reads bits.
	 * @return what they announce, {@code null} if they are not all there
	 */
	static @Nullable Announcement read(BitSet bits) {
		long member = get(bits, 0, 64);
		return (member == 0 || bits.get(CHANGING)) ? null : new Announcement(member, number(bits, 64),
				Demand.read(number(bits, 80), number(bits, 128)), number(bits, 96), number(bits, 112));
	}

	private static int number(BitSet bits, int start) {
		return (int) get(bits, start, 16);
	}

	private static long get(BitSet bits, int start, int count) {
		long value = 0;
		for (int i = 0; i < count; i++) {
			value |= bits.get(start + i) ? 1L << i : 0;
		}
		return value;
	}

}
