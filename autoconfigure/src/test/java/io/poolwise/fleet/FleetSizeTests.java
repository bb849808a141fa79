package io.poolwise.fleet;

import io.poolwise.lease.MembersSeen;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FleetSize}.
 */
class FleetSizeTests {

	private static final long WHILE = MembersSeen.WHILE.toNanos();

	private final FleetSize size = new FleetSize();

	@Test
	void nobodyCountsBeforeTheFirstLook() {
		assertThat(this.size.pass(WHILE)).isFalse();
		assertThat(this.size.members()).isZero();
	}

	@Test
	void fewerCountAfterAWhileThoughNobodyLooksAgain() {
		assertThat(this.size.see(3, 0)).isTrue();
		assertThat(this.size.see(1, 10)).isFalse();
		assertThat(this.size.pass(9 + WHILE)).isFalse();
		assertThat(this.size.members()).isEqualTo(3);
		assertThat(this.size.pass(10 + WHILE)).isTrue();
		assertThat(this.size.members()).isEqualTo(1);
	}

	@Test
	void whatTheLastLookSawStandsUntilTheNext() {
		this.size.see(3, 0);
		assertThat(this.size.pass(20 * WHILE)).isFalse();
		assertThat(this.size.see(2, 20 * WHILE + 1)).isFalse();
		assertThat(this.size.see(3, 20 * WHILE + 2)).isFalse();
		assertThat(this.size.members()).isEqualTo(3);
	}

}
