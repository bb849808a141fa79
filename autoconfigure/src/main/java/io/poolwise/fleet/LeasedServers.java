package io.poolwise.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.FleetLeases;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.LeasesImpossibleException;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers whose budget this instance shares live, and the permits of its pools there.
 * Safe for any thread.
 */
public final class LeasedServers implements FleetLeases, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private final LeaseOptions options;

	private final ScheduledExecutorService executor;

	private final Map<String, PoolPermits> pools = new ConcurrentHashMap<>();

	private final Map<ServerIdentity, LeasedServer> servers = new ConcurrentHashMap<>();

	private final UngovernedPools ungoverned = new UngovernedPools();

	private final LeaseAdmission admission;

	private volatile @Nullable Listener listener;

	private volatile boolean serving;

	/**
	 * Creates the memberships of an instance that has none.
	 * @param options what the application asks of leases
	 * @param executor runs what must not wait in the caller's thread
	 */
	public LeasedServers(LeaseOptions options, ScheduledExecutorService executor) {
		this.options = options;
		this.executor = executor;
		this.admission = new LeaseAdmission(options, this.ungoverned, executor);
	}

	/**
	 * The permits of a pool that is about to be made. They open nothing before it is
	 * known whether its server has leases.
	 * @param pool the pool's name
	 * @return its permits
	 */
	public PoolPermits permits(String pool) {
		PoolPermits permits = new PoolPermits(pool, () -> listener().ask(pool));
		this.pools.put(pool, permits);
		return permits;
	}

	/**
	 * Says whether the application has the traffic that its pools are filled for. While
	 * it starts or stops, this instance keeps few connections that it doesn't use: the
	 * others have the traffic.
	 * @param serving whether it has
	 */
	public void serve(boolean serving) {
		this.serving = serving;
		this.servers.values().forEach((server) -> server.serve(serving));
	}

	private Listener listener() {
		return Objects.requireNonNull(this.listener, "no governor listens yet");
	}

	@Override
	public void listen(Listener listener) {
		this.listener = listener;
	}

	@Override
	public void read(GovernedPool pool, LimitReading reading, @Nullable Budget budget) {
		String name = pool.pool().name();
		PoolPermits permits = this.pools.get(name);
		if (permits == null) {
			return;
		}
		if (reading instanceof LimitReading.Unavailable unavailable) {
			permits.keepClosed(unavailable.reason());
			return;
		}
		if (!(reading instanceof LimitReading.Granted granted) || budget == null) {
			this.admission.refuse(permits, reading);
			return;
		}
		LeasedServer server = this.servers.get(granted.identity());
		if (server == null) {
			server = permits.isUndecided() ? join(permits, granted.identity(), budget)
					: moved(name, granted.identity());
		}
		if (server != null) {
			leaveFormer(name, server);
			server.budget(budget);
			server.pools().add(pool);
			permits.lease(server);
		}
	}

	/**
	 * A pool that leases has failed over to another server, and the coordinator with it.
	 * @return the membership, {@code null} if the pool has none
	 */
	private synchronized @Nullable LeasedServer moved(String pool, ServerIdentity identity) {
		LeasedServer known = this.servers.get(identity);
		if (known != null) {
			// another pool was faster
			return known;
		}
		for (Map.Entry<ServerIdentity, LeasedServer> entry : this.servers.entrySet()) {
			LeasedServer server = entry.getValue();
			if (server.pools().has(pool)) {
				server.movedTo(identity);
				this.servers.put(identity, server);
				this.servers.remove(entry.getKey(), server);
				server.ungoverned(this.ungoverned.connections(identity));
				logger.info("{}: its leases are on another server now", pool);
				return server;
			}
		}
		return null;
	}

	/**
	 * A pool that has failed over to a server where this instance is a member already.
	 */
	private void leaveFormer(String pool, LeasedServer present) {
		this.servers.forEach((identity, server) -> {
			if (server != present && server.pools().remove(pool) && this.servers.remove(identity, server)) {
				this.executor.execute(server::close);
			}
		});
	}

	private synchronized @Nullable LeasedServer join(PoolPermits permits, ServerIdentity identity, Budget budget) {
		LeasedServer known = this.servers.get(identity);
		if (known != null) {
			return known;
		}
		LeasedServer server = this.admission.join(permits, identity, budget, listener());
		if (server != null) {
			this.servers.put(identity, server);
			server.start();
			server.serve(this.serving);
		}
		return server;
	}

	/**
	 * A pool that comes first keeps this instance out of the fleet. One that comes later
	 * takes it out, unless it has connections already: then it stays, with so much less.
	 */
	@Override
	public synchronized void acknowledge(UngovernedPool pool) {
		if (pool.kind() != PoolKind.DATABASE) {
			return;
		}
		if (this.options.required() && !this.pools.isEmpty()) {
			throw new LeasesImpossibleException(pool.name(),
					"its connections take no slots: it is not governed, since " + pool.why());
		}
		this.ungoverned.add(pool);
		this.servers.forEach((identity, server) -> {
			if (pool.countsOn(PoolKind.DATABASE, identity)) {
				if (server.isUnused()) {
					leave(identity, server, UngovernedPools.objection(pool));
				}
				else {
					logger.warn("{}, and this instance shares its budget by leases already: it takes the part of "
							+ "{} from what the fleet shares", UngovernedPools.objection(pool), pool.name());
					server.ungoverned(this.ungoverned.connections(identity));
				}
			}
		});
	}

	private void leave(ServerIdentity identity, LeasedServer server, String objection) {
		this.servers.remove(identity, server);
		server.pools().names().forEach((pool) -> {
			PoolPermits permits = this.pools.get(pool);
			if (permits != null) {
				logger.info("{}: no leases, since {}", pool, objection);
				permits.free();
			}
		});
		server.close();
	}

	@Override
	public void dismiss(String pool) {
		this.pools.remove(pool);
		this.servers.forEach((identity, server) -> {
			if (server.pools().remove(pool) && this.servers.remove(identity, server)) {
				server.close();
			}
		});
	}

	@Override
	public @Nullable LeaseShare on(Object server) {
		LeasedServer leased = (server instanceof ServerIdentity identity) ? this.servers.get(identity) : null;
		return (leased != null) ? leased.share() : null;
	}

	@Override
	public boolean isOutOfReach(Object server) {
		LeasedServer leased = (server instanceof ServerIdentity identity) ? this.servers.get(identity) : null;
		return leased != null && leased.isOutOfReach();
	}

	@Override
	public @Nullable ServerProbe probe(Object server, Duration timeout) {
		LeasedServer leased = (server instanceof ServerIdentity identity) ? this.servers.get(identity) : null;
		return (leased != null) ? leased.probe(timeout) : null;
	}

	@Override
	public int members() {
		return this.servers.values().stream().mapToInt(LeasedServer::members).max().orElse(0);
	}

	@Override
	public List<LeaseShare> all() {
		List<LeaseShare> shares = new ArrayList<>();
		this.servers.values().forEach((server) -> shares.add(server.share()));
		return shares;
	}

	@Override
	public void close() {
		this.servers.values().forEach(LeasedServer::close);
		this.servers.clear();
	}

}
