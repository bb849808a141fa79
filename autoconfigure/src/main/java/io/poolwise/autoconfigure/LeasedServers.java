package io.poolwise.autoconfigure;

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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers whose budget this instance shares live, and the permits of its pools there.
 */
final class LeasedServers implements FleetLeases, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private final LeaseOptions options;

	private final ScheduledExecutorService executor;

	private final Map<String, PoolPermits> pools = new ConcurrentHashMap<>();

	private final Map<ServerIdentity, LeasedServer> servers = new ConcurrentHashMap<>();

	private final Map<String, UngovernedPool> ungoverned = new ConcurrentHashMap<>();

	private volatile @Nullable Listener listener;

	LeasedServers(LeaseOptions options, ScheduledExecutorService executor) {
		this.options = options;
		this.executor = executor;
	}

	/**
	 * The permits of a pool that is about to be made. They open nothing before it is
	 * known whether its server has leases.
	 */
	PoolPermits permits(String pool) {
		PoolPermits permits = new PoolPermits(pool, () -> listener().ask(pool));
		this.pools.put(pool, permits);
		return permits;
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
		if (permits == null || reading instanceof LimitReading.Unavailable) {
			return;
		}
		if (!(reading instanceof LimitReading.Granted granted) || budget == null) {
			free(permits, objection(reading));
			return;
		}
		LeasedServer server = this.servers.get(granted.identity());
		if (server == null && permits.isUndecided()) {
			server = join(permits, granted.identity(), budget, pool);
		}
		if (server != null) {
			server.budget(budget);
			server.add(pool);
			permits.lease(server);
		}
	}

	private static String objection(LimitReading reading) {
		return (reading instanceof LimitReading.Pooled) ? "a pooler stands before the server"
				: "the server has no connection limit to share";
	}

	private synchronized @Nullable LeasedServer join(PoolPermits permits, ServerIdentity identity, Budget budget,
			GovernedPool pool) {
		LeasedServer known = this.servers.get(identity);
		if (known != null) {
			return known;
		}
		this.ungoverned.values()
			.stream()
			.filter((ungoverned) -> ungoverned.countsOn(PoolKind.DATABASE, identity))
			.forEach(this::refuseIfRequired);
		LeaseJoin join = new LeaseJoin(this.options, permits.connector());
		String objection = join.objection(budget);
		if (objection != null) {
			free(permits, objection);
			return null;
		}
		LeasedServer server = join.join(identity, budget, pool, this.executor, () -> listener().changed(identity));
		server.ungoverned(ungovernedOn(identity));
		this.servers.put(identity, server);
		server.start();
		return server;
	}

	/**
	 * A pool whose server can't have leases goes without, unless they are a must.
	 */
	private void free(PoolPermits permits, String objection) {
		if (!permits.isUndecided()) {
			return;
		}
		if (this.options.required()) {
			throw new LeasesImpossibleException(permits.pool(), objection);
		}
		logger.info("{}: no leases, since {}", permits.pool(), objection);
		permits.free();
	}

	@Override
	public void acknowledge(UngovernedPool pool) {
		if (pool.kind() != PoolKind.DATABASE) {
			return;
		}
		if (!this.pools.isEmpty()) {
			refuseIfRequired(pool);
		}
		this.ungoverned.put(pool.name(), pool);
		this.servers.forEach((identity, server) -> server.ungoverned(ungovernedOn(identity)));
	}

	private void refuseIfRequired(UngovernedPool pool) {
		if (this.options.required()) {
			throw new LeasesImpossibleException(pool.name(),
					"its connections take no slots: it is not governed, since " + pool.why());
		}
	}

	private int ungovernedOn(ServerIdentity server) {
		return this.ungoverned.values()
			.stream()
			.filter((pool) -> pool.countsOn(PoolKind.DATABASE, server))
			.mapToInt((pool) -> (pool.connections() != null) ? pool.connections() : 0)
			.sum();
	}

	@Override
	public void dismiss(String pool) {
		this.pools.remove(pool);
		this.servers.forEach((identity, server) -> {
			if (server.remove(pool) && this.servers.remove(identity, server)) {
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
