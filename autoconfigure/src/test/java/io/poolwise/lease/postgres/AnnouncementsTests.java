package io.poolwise.lease.postgres;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.Demand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Announcements}. The names and the pattern of the build before versions
 * are frozen here: both builds may be in one fleet.
 */
class AnnouncementsTests {

	private static final Announcement ANNOUNCEMENT = new Announcement(0xfe_dcba_9876L, 85, new Demand(12, 10), 4, 7);

	private static final Pattern BEFORE_VERSIONS = Pattern
		.compile("poolwise1 7b ([0-9a-f]{1,16}) (\\d{1,5}) (\\d{1,5}) (\\d{1,5}) (\\d{1,5}) (\\d{1,3})");

	private final Announcements announcements = new Announcements(new LockKeys(123, 456));

	@Test
	void nameOfTheBuildBeforeVersionsIsRead() {
		assertThat(this.announcements.read("poolwise1 7b 8765432100fedcba 85 12 10 4 7"))
			.isEqualTo(new Announcement(0x8765_4321_00fe_dcbaL, 85, new Demand(12, 10), 4, 7));
	}

	@Test
	void buildBeforeVersionsReadsTheName() {
		String name = this.announcements.write(ANNOUNCEMENT);
		assertThat(name).isEqualTo("poolwise1 7b fedcba9876 85 12 10 4 7").matches(BEFORE_VERSIONS);
	}

	@Test
	void longestNameLeavesRoomForLaterVersions() {
		Announcements longest = new Announcements(new LockKeys(Integer.MAX_VALUE, 1));
		String name = longest.write(new Announcement(Announcement.MEMBERS - 1, Integer.MAX_VALUE,
				Demand.of(Integer.MAX_VALUE), Integer.MAX_VALUE, Integer.MAX_VALUE));
		assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(57);
		assertThat(longest.read(name)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "poolwise1 7b fedcba9876 85 12 10 4 7 x9", "poolwise2 7b fedcba9876 85 12 10 4 7 more of it" })
	void wordsOfLaterVersionsAreIgnored(String name) {
		assertThat(this.announcements.isOne(name)).isTrue();
		assertThat(this.announcements.read(name)).isEqualTo(ANNOUNCEMENT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "poolwise1 7b ", "poolwise3 7b zz", "poolwise1 7b 0 85 12 10 4 7",
			"poolwise1 7b fedcba9876 -85 12 10 4 7", "poolwise1 7b fedcba9876 850000 12 10 4 7" })
	void whatIsNotUnderstoodIsStillAMember(String name) {
		assertThat(this.announcements.isOne(name)).isTrue();
		assertThat(this.announcements.read(name)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "poolwise1 7c fedcba9876 85 12 10 4 7", "poolwise 7b x", "my poolwise1 7b x", "" })
	void otherNamesAreNobodys(String name) {
		assertThat(this.announcements.isOne(name)).isFalse();
	}

}
