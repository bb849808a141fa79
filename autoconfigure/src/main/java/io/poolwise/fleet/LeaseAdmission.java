package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;

import io.poolwise.budget.Budget;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.fleet.Admission.Free;
import io.poolwise.fleet.Admission.Refused;
import io.poolwise.fleet.Admission.Undecided;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.lease.Announcement;
import io.poolwise.lease.FairShare;
import io.poolwise.lease.JdbcSlotLedger;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SessionConnector;
import io.poolwise.lease.mariadb.MariaDbSlotLedger;
import io.poolwise.lease.postgres.PostgresSlotLedger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether pools lease, by what one session of each has found out. Safe for any
 * thread.
 */
final class LeaseAdmission {

	private static final Logger logger = LoggerFactory.getLogger(LeasedServers.class);

	private final LeaseOptions options;

	private final UngovernedPools ungoverned;

	private final ScheduledExecutorService executor;

	private volatile Runnable onRefusal = () -> {
	};

	LeaseAdmission(LeaseOptions options, UngovernedPools ungoverned, ScheduledExecutorService executor) {
		this.options = options;
		this.ungoverned = ungoverned;
		this.executor = executor;
	}

	/**
	 * Names what to call when a pool is refused, or is not refused any more.
	 */
	void onRefusal(Runnable action) {
		this.onRefusal = action;
	}

	/**
	 * Makes the membership that a pool asks for, if there can be one; else the pool is in
	 * the state that follows.
	 * @param permits the pool's
	 * @param identity the server
	 * @param budget what the fleet shares there
	 * @param events hears of what happens to the membership
	 * @return the membership, not started; {@code null} if there is none
	 */
	@Nullable LeasedServer join(PoolPermits permits, ServerIdentity identity, Budget budget, LeasedServer.Events events) {
		String objection = objection(permits, identity, budget);
		if (objection != null) {
			deny(permits, objection);
			return null;
		}
		try {
			Examined own = permits.examined();
			Examined coordinator = (own != null && coordinatesLikePools()) ? own : examineCoordinator(permits);
			String unfit = unfit(own, coordinator);
			if (coordinator == null || unfit != null) {
				deny(permits, String.valueOf(unfit));
				return null;
			}
			return join(identity, budget, coordinator, events);
		}
		catch (SQLException ex) {
			String reason = "the server could not be examined: " + ex.getMessage();
			if (permits.admission() instanceof Undecided before && !before.reason().equals(reason)) {
				logger.warn("{}: it is not known yet whether there are leases, since {} The pool opens no connection "
						+ "until it is.", permits.pool(), reason);
			}
			undecided(permits, reason, false);
			return null;
		}
	}

	private static @Nullable String unfit(@Nullable Examined own, @Nullable Examined coordinator) {
		if (coordinator == null) {
			return "leases were never tried on the database of the coordination";
		}
		String objection = coordinator.fitness().objection();
		boolean elsewhere = own != null && own.fitness().server() != coordinator.fitness().server();
		return (objection == null && elsewhere) ? "pool.leases.url leads to another server than the pool" : objection;
	}

	/**
	 * Whether a pool may lease on a server where this instance is a member already.
	 */
	boolean admits(PoolPermits permits) {
		permits.dropParked();
		String objection = objection(permits);
		if (objection != null) {
			deny(permits, objection);
		}
		return objection == null;
	}

	private @Nullable String objection(PoolPermits permits, ServerIdentity identity, Budget budget) {
		UngovernedPool beside = this.ungoverned.on(identity).findFirst().orElse(null);
		if (beside != null) {
			return UngovernedPools.objection(beside);
		}
		String objection = objection(permits);
		if (objection != null) {
			return objection;
		}
		return (budget.connections() - this.options.seats() >= FairShare.LEAST) ? null
				: "a budget of " + budget.connections() + " connections less " + this.options.seats()
						+ " seats is not enough for one instance";
	}

	private static @Nullable String objection(PoolPermits permits) {
		Examined own = permits.examined();
		return (permits.objection() == null && own != null) ? own.fitness().objection() : permits.objection();
	}

	private @Nullable Examined examineCoordinator(PoolPermits permits) throws SQLException {
		Connection session = permits.openCoordinator();
		JdbcSlotLedger ledger = null;
		LedgerFitness fitness = null;
		try {
			ledger = ledger(session, permits::openCoordinator);
			if (ledger == null) {
				return null;
			}
			fitness = ledger.examine(session);
			return new Examined(ledger, fitness);
		}
		finally {
			if (ledger == null) {
				session.close();
			}
			else if (fitness != null && fitness.objection() == null) {
				permits.park(session, ledger);
			}
			else {
				ledger.end(session);
			}
		}
	}

	private LeasedServer join(ServerIdentity identity, Budget budget, Examined coordinator,
			LeasedServer.Events events) {
		long member = ThreadLocalRandom.current().nextLong(1, Announcement.MEMBERS);
		LeaseSettings settings = this.options.settings(member, coordinator.fitness().authenticationTimeout());
		SharedSlots slots = new SharedSlots(settings, budget,
				this.options.coordination() == LeaseOptions.Coordination.OF_THE_POOL);
		return new LeasedServer(identity, settings, coordinator.ledger(), slots, this.executor, events);
	}

	/**
	 * The locks of the server that a session is on.
	 * @param session the session
	 * @param connector opens sessions of coordinators
	 * @return the ledger, {@code null} if leases were never tried on the product
	 */
	@Nullable JdbcSlotLedger ledger(Connection session, SessionConnector<Connection, SQLException> connector)
			throws SQLException {
		String product = session.getMetaData().getDatabaseProductName();
		return switch (String.valueOf(product).toLowerCase(Locale.ROOT)) {
			case "postgresql" -> new PostgresSlotLedger(connector, this.options.namespace());
			case "mariadb", "mysql" -> new MariaDbSlotLedger(connector, this.options.namespace());
			default -> null;
		};
	}

	/**
	 * Whether coordinators connect as the pools do.
	 */
	boolean coordinatesLikePools() {
		return this.options.coordination() == LeaseOptions.Coordination.OF_THE_POOL;
	}

	Connection coordinate(LeaseOptions.Connector pool) throws SQLException {
		return this.options.coordination().connect(pool);
	}

	/**
	 * A pool that can't have leases goes without, unless they are a must.
	 */
	void deny(PoolPermits permits, String objection) {
		Admission before = permits.enter(this.options.required() ? new Refused(objection) : new Free(objection));
		if (before instanceof Free || before.equals(permits.admission())) {
			return;
		}
		if (this.options.required()) {
			logger.warn("{}: pool.leases.mode is on, but {}. The pool opens no connection until that changes.",
					permits.pool(), objection);
			this.onRefusal.run();
		}
		else {
			logger.info("{}: no leases, since {}", permits.pool(), objection);
		}
	}

	/**
	 * It is not known yet; a pool that was refused stays so.
	 */
	static void undecided(PoolPermits permits, String reason, boolean down) {
		if (permits.admission() instanceof Undecided before) {
			permits.enter(new Undecided(reason, before.down() + (down ? 1 : 0)));
		}
	}

	/**
	 * Has a pool lease.
	 */
	void lease(PoolPermits permits, LeasedServer server) {
		if (permits.enter(new Admission.Leased(server)) instanceof Refused) {
			logger.info("{}: there are leases now", permits.pool());
			this.onRefusal.run();
		}
	}

}
