package io.poolwise.actuate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.push.PushMeterRegistry;
import io.micrometer.core.instrument.step.StepTimer;
import io.poolwise.governor.PoolGovernor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the timers that HikariCP keeps anyway ({@code hikaricp.connections.usage} and
 * {@code hikaricp.connections.acquire}): nothing is added to a borrow.
 * <p>
 * A registry that pushes forgets its sums at each step, so that only others are read:
 * Prometheus', and those in memory.
 */
public class HikariUsageMeter implements UsageMeter {

	private static final String USAGE = "hikaricp.connections.usage";

	private static final String ACQUIRE = "hikaricp.connections.acquire";

	// to search goes over all meters: after so many misses, only now and then
	private static final int PATIENCE = 60;

	private final PoolGovernor governor;

	private final MeterRegistry registry;

	private final Map<String, Found> found = new ConcurrentHashMap<>();

	/**
	 * Creates a meter.
	 * @param governor knows the pools
	 * @param registry where HikariCP's timers are
	 */
	public HikariUsageMeter(PoolGovernor governor, MeterRegistry registry) {
		this.governor = governor;
		this.registry = registry;
	}

	@Override
	public @Nullable UsageTotals read(String pool) {
		String name = this.governor.activity(pool).libraryName().orElse(null);
		if (name == null) {
			this.found.remove(pool);
			return null;
		}
		Found known = this.found.get(pool);
		if (known == null || !known.name().equals(name)) {
			known = new Found(name, find(this.registry, name), 0);
			this.found.put(pool, known);
		}
		else if (known.timers() == null) {
			int misses = known.misses() + 1;
			boolean again = misses < PATIENCE || misses % PATIENCE == 0;
			known = new Found(name, again ? find(this.registry, name) : null, misses);
			this.found.put(pool, known);
		}
		Timers timers = known.timers();
		return (timers != null) ? timers.read() : null;
	}

	private static @Nullable Timers find(MeterRegistry registry, String name) {
		if (registry instanceof CompositeMeterRegistry composite) {
			for (MeterRegistry part : composite.getRegistries()) {
				Timers timers = find(part, name);
				if (timers != null) {
					return timers;
				}
			}
			return null;
		}
		if (registry instanceof PushMeterRegistry) {
			return null;
		}
		Timer usage = registry.find(USAGE).tag("pool", name).timer();
		Timer acquire = registry.find(ACQUIRE).tag("pool", name).timer();
		if (usage == null || acquire == null || usage instanceof StepTimer) {
			return null;
		}
		return new Timers(usage, acquire);
	}

	private record Found(String name, @Nullable Timers timers, int misses) {
	}

	private record Timers(Timer usage, Timer acquire) {

		private UsageTotals read() {
			return new UsageTotals(this.usage.count(), (long) this.usage.totalTime(TimeUnit.NANOSECONDS),
					(long) this.acquire.totalTime(TimeUnit.NANOSECONDS));
		}

	}

}
