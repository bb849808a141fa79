package io.poolwise.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of one pool: down when its server does not answer, and never because the
 * pool is full. Does not wait for the pool; waits for the server at most a few seconds.
 */
final class PoolHealthIndicator implements HealthIndicator {

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
		Health.Builder health = (probe.get() instanceof ServerProbe.Failed) ? Health.down() : Health.up();
		return health.withDetails(details(report.get(), probe.get())).build();
	}

	private Map<String, Object> details(PoolReport report, ServerProbe probe) {
		Map<String, Object> details = new LinkedHashMap<>(PoolJson.database(report));
		details.put("server", describe(probe));
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
		return (probe instanceof ServerProbe.Failed failed) ? failed.reason() : probe.toString();
	}

}
