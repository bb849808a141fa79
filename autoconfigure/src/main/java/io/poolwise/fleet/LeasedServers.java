package io.poolwise.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.fleet.Admission.Leased;
import io.poolwise.fleet.Admission.Refused;
import io.poolwise.fleet.Admission.Undecided;
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
public class LeasedServers implements FleetLeases, AutoCloseable {

	private static final long UNUSED_MILLIS = 200;

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private final LeaseOptions options;

	private final ScheduledExecutorService executor;

	private final Map<String, PoolPermits> pools = new ConcurrentHashMap<>();

	private final Map<ServerIdentity, LeasedServer> servers = new ConcurrentHashMap<>();

	private final UngovernedPools ungoverned = new UngovernedPools();

	private final LeaseAdmission admission;

	private volatile @Nullable Listener listener;

	private volatile boolean serving;

	private volatile boolean paused;

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
		PoolPermits permits = new PoolPermits(pool, () -> listener().ask(pool), this.admission);
		this.pools.put(pool, permits);
		return permits;
	}

	/**
	 * Names what to call when a pool turns out to be unable to lease though it must, and
	 * when it is able to again.
	 * @param action reads {@link #refusals()}; called by any thread, which must not wait
	 */
	public void onRefusal(Runnable action) {
		this.admission.onRefusal(action);
	}

	/**
	 * The pools that must lease and can't.
	 * @return reasons by the pools' names, empty if there is no such pool
	 */
	public Map<String, String> refusals() {
		Map<String, String> refusals = new TreeMap<>();
		this.pools.forEach((pool, permits) -> {
			if (permits.admission() instanceof Refused refused) {
				refusals.put(pool, refused.reason());
			}
		});
		return refusals;
	}

	@Override
	public @Nullable String refusal(String pool) {
		PoolPermits permits = this.pools.get(pool);
		return (permits != null && permits.admission() instanceof Refused refused) ? refused.reason() : null;
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
	public boolean read(GovernedPool pool, LimitReading reading, @Nullable Budget budget) {
		String name = pool.pool().name();
		PoolPermits permits = this.pools.get(name);
		if (permits == null || permits.isFree()) {
			return true;
		}
		if (reading instanceof LimitReading.Unavailable unavailable) {
			LeaseAdmission.undecided(permits, unavailable.reason(), unavailable.down());
			return false;
		}
		if (reading instanceof LimitReading.Granted granted && budget != null) {
			LeasedServer server = server(permits, granted.identity(), budget);
			if (server != null) {
				leaveFormer(name, server);
				server.budget(budget);
				server.pools().add(pool);
				this.admission.lease(permits, server);
				if (!permits.isOn(server)) {
					// it was told otherwise meanwhile
					server.pools().remove(name);
				}
				else if (!this.servers.containsValue(server)) {
					// left meanwhile
					server.pools().remove(name);
					permits.reconsider("this instance has just left the fleet of the server");
				}
			}
		}
		else {
			this.admission.deny(permits, (reading instanceof LimitReading.Pooled) ? "a pooler stands before the server"
					: "the server has no connection limit to share");
		}
		if (permits.admission() instanceof Refused refused) {
			throw new LeasesImpossibleException(name, refused.reason());
		}
		return !(permits.admission() instanceof Undecided);
	}

	private @Nullable LeasedServer server(PoolPermits permits, ServerIdentity identity, Budget budget) {
		LeasedServer known = this.servers.get(identity);
		if (permits.admission() instanceof Leased) {
			return (known != null) ? known : moved(permits.pool(), identity);
		}
		if (known != null) {
			return this.admission.admits(permits) ? known : null;
		}
		return join(permits, identity, budget);
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
				logger.info("{}: its leases are on the server {} now", pool, identity);
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

	private @Nullable LeasedServer join(PoolPermits permits, ServerIdentity identity, Budget budget) {
		LeasedServer made = this.admission.join(permits, identity, budget, new Memberships());
		if (made == null) {
			return null;
		}
		synchronized (this) {
			LeasedServer known = this.servers.putIfAbsent(identity, made);
			if (known != null) {
				// another pool was faster
				permits.dropParked();
				return known;
			}
		}
		boolean started = false;
		try {
			made.start(permits.pool());
			started = true;
		}
		finally {
			if (!started) {
				this.servers.remove(identity, made);
				made.close();
			}
		}
		made.serve(this.serving);
		return made;
	}

	/**
	 * Lets a pool go that can't lease on a server any more. If the coordinator connects
	 * as that pool does, the membership ends, and the other pools ask for one of their
	 * own.
	 */
	private void impossible(LeasedServer server, @Nullable String pool, String objection) {
		List<ServerIdentity> identities = this.servers.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == server)
			.map(Map.Entry::getKey)
			.toList();
		Set<String> members = server.pools().names();
		for (String name : members) {
			if (pool == null || pool.equals(name)) {
				server.pools().remove(name);
				withdraw(name, objection);
			}
		}
		if (pool == null || pool.equals(server.origin()) || server.pools().names().isEmpty()) {
			identities.forEach((identity) -> this.servers.remove(identity, server));
			members.forEach((name) -> askAgain(name, server, objection));
			this.executor.execute(server::close);
		}
		identities.forEach((identity) -> this.executor.execute(() -> listener().changed(identity)));
	}

	private void withdraw(String pool, String objection) {
		PoolPermits permits = this.pools.get(pool);
		if (permits != null) {
			this.admission.deny(permits, objection);
			if (permits.admission() instanceof Refused) {
				listener().ask(pool);
			}
		}
	}

	/**
	 * A pool that could still lease lost the membership.
	 */
	private void askAgain(String pool, LeasedServer left, String why) {
		PoolPermits permits = this.pools.get(pool);
		if (permits != null && permits.isOn(left)) {
			permits.enter(new Undecided(why, 0));
			listener().ask(pool);
		}
	}

	/**
	 * A pool that comes first keeps this instance out of the fleet. One that comes later
	 * takes it out, unless it has connections already: then it stays, with so much less.
	 */
	@Override
	public synchronized void acknowledge(UngovernedPool pool) {
		if (pool.kind() != PoolKind.DATABASE || pool.passing()) {
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
				this.admission.deny(permits, objection);
			}
		});
		server.close();
	}

	@Override
	public void dismiss(String pool) {
		PoolPermits permits = this.pools.remove(pool);
		if (permits != null) {
			permits.dropParked();
		}
		this.servers.forEach((identity, server) -> {
			if (server.pools().remove(pool) && this.servers.remove(identity, server)) {
				server.close();
			}
		});
	}

	@Override
	public void pause() {
		this.paused = true;
		leaveUnused(Map.copyOf(this.servers));
	}

	/**
	 * Leaves those that have no connection, and looks again at the others. What is joined
	 * meanwhile stays: a pool there connects although the application is stopped.
	 */
	private void leaveUnused(Map<ServerIdentity, LeasedServer> servers) {
		if (!this.paused) {
			return;
		}
		Map<ServerIdentity, LeasedServer> used = new HashMap<>();
		servers.forEach((identity, server) -> {
			if (!server.isUnused()) {
				used.put(identity, server);
			}
			else if (this.servers.remove(identity, server)) {
				server.pools().names().forEach((pool) -> {
					PoolPermits permits = this.pools.get(pool);
					if (permits != null) {
						permits.reconsider("the application context is stopped");
					}
				});
				server.close();
			}
		});
		if (!used.isEmpty()) {
			CompletableFuture.delayedExecutor(UNUSED_MILLIS, TimeUnit.MILLISECONDS, this.executor)
				.execute(() -> leaveUnused(used));
		}
	}

	@Override
	public void resume() {
		this.paused = false;
		this.pools.forEach((pool, permits) -> {
			if (permits.isUndecided()) {
				this.executor.execute(() -> listener().ask(pool));
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
		this.pools.values().forEach(PoolPermits::dropParked);
		this.servers.values().forEach(LeasedServer::close);
		this.servers.clear();
	}

	/**
	 * Passes on what happens to memberships.
	 */
	private final class Memberships implements LeasedServer.Events {

		@Override
		public void changed(ServerIdentity server) {
			listener().changed(server);
		}

		@Override
		public void membersChanged() {
			listener().membersChanged();
		}

		@Override
		public void limitInDoubt(String pool) {
			listener().ask(pool);
		}

		@Override
		public void impossible(LeasedServer server, @Nullable String pool, String objection) {
			LeasedServers.this.impossible(server, pool, objection);
		}

	}

}
