package io.poolwise.lease;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link MembersSeen}.
 */
class MembersSeenTests {

	private static final long SECOND = 1_000_000_000L;

	@Test
	void moreCountAtOnce() {
		MembersSeen seen = MembersSeen.NONE.see(1, 0).see(3, 1);
		assertThat(seen.most()).isEqualTo(3);
	}

	@Test
	void fewerCountWhenNobodySawMoreForAWhile() {
		MembersSeen seen = MembersSeen.NONE.see(8, 0).see(3, 10 * SECOND).see(5, 20 * SECOND);
		assertThat(seen.see(2, 39 * SECOND).most()).isEqualTo(8);
		seen = seen.see(3, 40 * SECOND);
		assertThat(seen.most()).isEqualTo(5);
		assertThat(seen.see(3, 69 * SECOND).most()).isEqualTo(5);
		assertThat(seen.see(3, 70 * SECOND).most()).isEqualTo(3);
	}

	@Test
	void membersThatLeaveOneAfterTheOtherAreForgottenOneAfterTheOther() {
		MembersSeen seen = MembersSeen.NONE.see(3, 0).see(2, 10 * SECOND).see(1, 11 * SECOND);
		assertThat(seen.see(1, 39 * SECOND).most()).isEqualTo(3);
		assertThat(seen.see(1, 40 * SECOND).most()).isEqualTo(2);
		assertThat(seen.see(1, 41 * SECOND).most()).isEqualTo(1);
	}

	@Test
	void whoComesBackCountsOn() {
		MembersSeen seen = MembersSeen.NONE.see(8, 0).see(3, 10 * SECOND).see(8, 20 * SECOND).see(3, 40 * SECOND);
		assertThat(seen.most()).isEqualTo(8);
	}

	@Test
	void whoIsMissedForAMomentCountsOnHoweverLongAgoTheLastLookWas() {
		MembersSeen seen = MembersSeen.NONE.see(8, 0).see(7, 600 * SECOND);
		assertThat(seen.most()).isEqualTo(8);
		assertThat(seen.see(8, 601 * SECOND).most()).isEqualTo(8);
	}

}
