package io.poolwise.lease.mariadb;

import java.util.BitSet;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.Demand;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link AnnouncementBits}. The bits of the build before versions are frozen
 * here: both builds may be in one fleet.
 */
class AnnouncementBitsTests {

	private static final Announcement ANNOUNCEMENT = new Announcement(0b101, 85, new Demand(12, 10), 4, 7);

	private static final int[] BEFORE_VERSIONS = { 0, 2, 64, 66, 68, 70, 82, 83, 98, 112, 113, 114, 129, 131 };

	@Test
	void bitsOfTheBuildBeforeVersionsAreRead() {
		assertThat(AnnouncementBits.read(bits(BEFORE_VERSIONS))).isEqualTo(ANNOUNCEMENT);
	}

	/** It reads the first 144, and three more as a counter. */
	@Test
	void buildBeforeVersionsReadsTheBits() {
		BitSet written = AnnouncementBits.write(ANNOUNCEMENT);
		assertThat(written.get(0, 144)).isEqualTo(bits(BEFORE_VERSIONS));
		assertThat(written.get(144, 148)).isEqualTo(new BitSet());
		assertThat(written.get(148, 400)).as("version 1").isEqualTo(bits(0));
	}

	@Test
	void bitsOfLaterVersionsAreIgnored() {
		BitSet later = bits(BEFORE_VERSIONS);
		later.set(148, 200);
		assertThat(AnnouncementBits.read(later)).isEqualTo(ANNOUNCEMENT);
	}

	@Test
	void bitsThatAreBeingChangedAreNotRead() {
		BitSet changing = bits(BEFORE_VERSIONS);
		changing.set(AnnouncementBits.CHANGING);
		assertThat(AnnouncementBits.read(changing)).isNull();
		assertThat(AnnouncementBits.read(bits(64, 66))).as("no member").isNull();
	}

	@Test
	void halfwayDemandIsInBounds() {
		assertThat(AnnouncementBits.read(bits(0, 80, 131))).isEqualTo(new Announcement(1, 0, new Demand(1, 1), 0, 0));
	}

	private static BitSet bits(int... bits) {
		BitSet set = new BitSet();
		for (int bit : bits) {
			set.set(bit);
		}
		return set;
	}

}
