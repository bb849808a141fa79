package io.poolwise.lease.mariadb;

import java.util.BitSet;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.Demand;

/**
 * An announcement as bits, each of which is a lock that is held or not: a session of
 * MariaDB can't show a text to others.
 */
final class AnnouncementBits {

	/** How many bits there are. */
	static final int COUNT = 64 + 5 * 16;

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
		return bits;
	}

	private static void put(BitSet bits, int start, int count, long value) {
		for (int i = 0; i < count; i++) {
			bits.set(start + i, (value >>> i & 1) == 1);
		}
	}

	static Announcement read(BitSet bits) {
		return new Announcement(get(bits, 0, 64), number(bits, 64), Demand.read(number(bits, 80), number(bits, 128)),
				number(bits, 96), number(bits, 112));
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
