package io.poolwise.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;
import io.poolwise.pool.ServerProbe;
import io.poolwise.pool.StandIn;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of one pool: down when its server does not answer, and never because the
 * pool is full, nor while another pool serves its callers. Does not wait for the pool;
 * waits for the server at most a few seconds.
 */
class PoolHealthIndicator implements HealthIndicator {

	// for each question the probe may ask; Kubernetes gives a probe as long as it is told
	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private final PoolGovernor governor;

	private final String pool;

	PoolHealthIndicator(PoolGovernor governor, String pool) {
		this.governor = governor;
		this.pool = pool;
	}

	@Override
	public @Nullable Health health(boolean includeDetails) {
		Health health = health();
		return includeDetails ? health : Health.status(health.getStatus()).build();
	}

	@Override
	public Health health() {
		Optional<ServerProbe> probe = this.governor.probe(this.pool, TIMEOUT);
		Optional<PoolReport> report = this.governor.pool(this.pool);
		if (probe.isEmpty() || report.isEmpty()) {
			return Health.unknown().withDetail("reason", "the pool is closed").build();
		}
		boolean down = probe.get() instanceof ServerProbe.Failed || this.governor.refusal(this.pool).isPresent();
		Optional<StandIn> standIn = this.governor.activity(this.pool).standIn();
		Health.Builder health = (down && standIn.filter(this::isUp).isEmpty()) ? Health.down() : Health.up();
		health.withDetails(details(report.get(), probe.get()));
		standIn.ifPresent((other) -> health.withDetail("fallback", (down ? "in use: " : "") + other.pool())
			.withDetail("fallbacks", other.served()));
		return health.build();
	}

	/**
	 * Asks nobody: the other pool has a part of its own.
	 */
	private boolean isUp(StandIn standIn) {
		return this.governor.pool(standIn.pool()).filter((pool) -> pool.status() != PoolStatus.DOWN).isPresent();
	}

	private Map<String, Object> details(PoolReport report, ServerProbe probe) {
		Map<String, Object> details = new LinkedHashMap<>(PoolJson.database(report));
		details.put("server", describe(probe));
		this.governor.refusal(this.pool).ifPresent((reason) -> details.put("leases", "impossible: " + reason));
		this.governor.lease(this.pool).ifPresent((lease) -> details.put("leases", describe(lease)));
		return details;
	}

	private static String describe(LeaseShare lease) {
		return (lease.degraded() ? "degraded: " : "") + lease.reason();
	}

	private static String describe(ServerProbe probe) {
		if (probe instanceof ServerProbe.Answered answered) {
			return "answered in " + answered.latency().toMillis() + " ms";
		}
		if (probe instanceof ServerProbe.Busy busy) {
			return "not asked: a connection came back within the last " + busy.lastUse().toMillis() + " ms";
		}
		if (probe instanceof ServerProbe.NotAsked notAsked) {
			return "not asked: " + notAsked.reason();
		}
		return (probe instanceof ServerProbe.Failed failed) ? failed.reason() : probe.toString();
	}

}
