package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the governed pools, tagged {@code pool} and {@code kind}. They are there from
 * the moment a pool is known, follow pools that come and go, and go with the application.
 * What is not known reads NaN. Reading one waits for no pool and asks no server.
 */
public class PoolMeters implements MeterBinder, AutoCloseable {

	/**
	 * Instances that share the budget: as {@code pool.replicas} says, or as leases see
	 * them, of all applications of the namespace.
	 */
	public static final String FLEET_MEMBERS = "pool.fleet.members";

	private final PoolGovernor governor;

	private final Set<MeterRegistry> registries = new LinkedHashSet<>();

	private final Map<Key, List<Meter>> meters = new LinkedHashMap<>();

	/**
	 * Creates the meters.
	 * @param governor knows the pools
	 */
	public PoolMeters(PoolGovernor governor) {
		this.governor = governor;
		governor.onPoolsChanged(this::follow);
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		if (this.registries.add(registry)) {
			follow();
		}
	}

	/**
	 * Brings the meters in line with the pools there are.
	 */
	private synchronized void follow() {
		Set<Key> wanted = new LinkedHashSet<>();
		for (MeterRegistry registry : this.registries) {
			wanted.add(new Key(registry, null));
			this.governor.pools().forEach((pool) -> wanted.add(new Key(registry, pool.name())));
		}
		Set<Key> gone = this.meters.keySet()
			.stream()
			.filter((key) -> !wanted.contains(key))
			.collect(Collectors.toSet());
		gone.forEach(this::remove);
		wanted.forEach((key) -> this.meters.computeIfAbsent(key, this::register));
	}

	private void remove(Key key) {
		List<Meter> removed = this.meters.remove(key);
		if (removed != null) {
			removed.forEach(key.registry()::remove);
		}
	}

	private List<Meter> register(Key key) {
		String pool = key.pool();
		if (pool == null) {
			return List.of(fleetMembers(key.registry()));
		}
		return this.governor.pool(pool)
			.map((report) -> Stream
				.of(PoolMeter.ALL.stream().map((meter) -> meter.register(key.registry(), this.governor, report)),
						PoolCounter.ALL.stream().map((meter) -> meter.register(key.registry(), this.governor, report)),
						StateMeters.register(key.registry(), this.governor, report),
						WarmUpMeter.ALL.stream().map((meter) -> meter.register(key.registry(), this.governor, report)),
						Stream.of(serverConnections(key.registry(), report)))
				.<Meter>flatMap((meters) -> meters)
				.toList())
			.orElse(List.of());
	}

	private Gauge serverConnections(MeterRegistry registry, PoolReport pool) {
		return Gauge
			.builder("pool.server.connections", this.governor,
					(governor) -> governor.serverConnections(pool.name())
						.stream()
						.mapToDouble((n) -> n)
						.findFirst()
						.orElse(Double.NaN))
			.description("Connections of all clients that the pool's server has, asked every 20 s")
			.baseUnit("connections")
			.tag("pool", pool.name())
			.tag("kind", pool.kind().id())
			.register(registry);
	}

	private Gauge fleetMembers(MeterRegistry registry) {
		return Gauge.builder(FLEET_MEMBERS, () -> members(this.governor))
			.description(
					"Instances that share the budget: as pool.replicas says, or as leases see them, of all applications of the namespace")
			.baseUnit("members")
			.register(registry);
	}

	private static double members(PoolGovernor governor) {
		FleetPolicy policy = governor.fleet();
		if (policy.mode() == FleetMode.FIXED) {
			return policy.fleet().replicas();
		}
		return governor.leases()
			.stream()
			.map(LeaseShare::fleet)
			.filter(Objects::nonNull)
			.mapToDouble((fleet) -> fleet.members().size())
			.max()
			.orElse(Double.NaN);
	}

	@Override
	public synchronized void close() {
		List.copyOf(this.meters.keySet()).forEach(this::remove);
		this.registries.clear();
	}

	private record Key(MeterRegistry registry, @Nullable String pool) {
	}

}
