package io.poolwise.actuate;

import java.time.Duration;
import java.util.Map;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.ServerProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolHealthContributor} and {@link PoolHealthIndicator}.
 */
class PoolHealthTests {

	private final StubPools pools = new StubPools(StubPools.THREE);

	private final PoolHealthContributor health = new PoolHealthContributor(this.pools.governor(), PoolKind.DATABASE,
			Map.of("legacy", (HealthIndicator) () -> Health.outOfService().build()));

	@AfterEach
	void close() {
		this.pools.close();
	}

	@Test
	void poolThatAnswersIsUpWithItsNumbers() {
		this.pools.admit("primary").counts = new PoolCounts(10, 8, 2, 0);
		Health part = part("primary");
		assertThat(part.getStatus()).isEqualTo(Status.UP);
		assertThat(part.getDetails()).hasToString("{size=10, free=8, used=2, min_size=10, max_size=21, pending=0, "
				+ "status=healthy, server=answered in 3 ms}");
	}

	@Test
	void saturatedPoolStaysUpAndSaysSo() {
		StubPool pool = this.pools.admit("primary");
		pool.counts = new PoolCounts(21, 0, 21, 7);
		pool.probe = new ServerProbe.Busy(Duration.ofMillis(120));
		Health part = part("primary");
		assertThat(part.getStatus()).isEqualTo(Status.UP);
		assertThat(part.getDetails()).containsEntry("status", "saturated")
			.containsEntry("pending", 7)
			.containsEntry("server", "not asked: a connection came back within the last 120 ms");
	}

	@Test
	void deadServerIsDownUntilItAnswers() {
		StubPool pool = this.pools.admit("primary");
		pool.probe = new ServerProbe.Failed("connection refused");
		assertThat(part("primary").getStatus()).isEqualTo(Status.DOWN);
		assertThat(part("primary").getDetails()).containsEntry("status", "down")
			.containsEntry("server", "connection refused");
		pool.probe = new ServerProbe.Answered(Duration.ZERO);
		assertThat(part("primary").getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void poolWhoseLimitIsNotKnownIsUp() {
		this.pools.admit("primary", PoolKind.DATABASE, StubPools.UNKNOWN);
		assertThat(part("primary").getStatus()).isEqualTo(Status.UP);
		assertThat(part("primary").getDetails()).containsEntry("status", "degraded");
	}

	@Test
	void detailsAreLeftOutForWhoMayNotSeeThem() {
		this.pools.admit("primary");
		HealthIndicator part = (HealthIndicator) this.health.getContributor("primary");
		assertThat(part.health(false).getDetails()).isEmpty();
		assertThat(part.health(false).getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void partsFollowThePoolsOfTheKind() {
		assertThat(this.health.stream()).extracting(HealthContributors.Entry::name).containsExactly("legacy");
		this.pools.admit("primary");
		this.pools.admit("archive");
		this.pools.admit("sessions", PoolKind.REDIS, StubPools.UNKNOWN);
		assertThat(this.health.stream()).extracting(HealthContributors.Entry::name)
			.containsExactly("primary", "archive", "legacy");
		assertThat(this.health.getContributor("sessions")).isNull();
		assertThat(part("legacy").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		HealthIndicator archive = (HealthIndicator) this.health.getContributor("archive");
		this.pools.governor().dismiss("archive");
		assertThat(this.health.getContributor("archive")).isNull();
		assertThat(archive.health().getStatus()).isEqualTo(Status.UNKNOWN);
	}

	private Health part(String name) {
		return ((HealthIndicator) this.health.getContributor(name)).health();
	}

}
