package io.poolwise.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;

import io.poolwise.budget.Budget;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.FleetLeases;
import io.poolwise.lease.FairShare;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.LedgerFitness;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.mariadb.MariaDbSlotLedger;
import io.poolwise.lease.postgres.PostgresSlotLedger;
import org.jspecify.annotations.Nullable;

/**
 * The first look at a server: which product it is, and whether its locks will do.
 */
final class LeaseJoin {

	private final LeaseOptions options;

	private final LeaseOptions.Connector pool;

	private @Nullable SlotLedger<Connection> ledger;

	private Duration authenticationTimeout = Duration.ZERO;

	LeaseJoin(LeaseOptions options, LeaseOptions.Connector pool) {
		this.options = options;
		this.pool = pool;
	}

	/**
	 * What came of the first look.
	 *
	 * @param objection why there can be no leases, one sentence without its full stop;
	 * {@code null} if there can be
	 * @param lasting whether to go without: another look would say the same, and nobody
	 * shares the server by leases
	 */
	record Verdict(@Nullable String objection, boolean lasting) {
	}

	/**
	 * Looks whether there can be leases.
	 */
	Verdict look(Budget budget) {
		try {
			LedgerFitness fitness = examine();
			this.authenticationTimeout = fitness.authenticationTimeout();
			String objection = fitness.objection();
			return new Verdict((objection != null) ? objection : tooSmall(budget), !fitness.inUse());
		}
		catch (LedgerException ex) {
			return new Verdict(ex.getMessage(), false);
		}
	}

	private @Nullable String tooSmall(Budget budget) {
		return (budget.connections() - this.options.seats() >= FairShare.LEAST) ? null
				: "a budget of " + budget.connections() + " connections less " + this.options.seats()
						+ " seats is not enough for one instance";
	}

	private LedgerFitness examine() throws LedgerException {
		String product = product();
		if ("PostgreSQL".equalsIgnoreCase(product)) {
			PostgresSlotLedger postgres = new PostgresSlotLedger(this::coordinator, this.options.namespace());
			this.ledger = postgres;
			return postgres.examine(this.pool::connect);
		}
		if ("MariaDB".equalsIgnoreCase(product)) {
			MariaDbSlotLedger mariaDb = new MariaDbSlotLedger(this::coordinator, this.options.namespace());
			this.ledger = mariaDb;
			return mariaDb.examine(this.pool::connect);
		}
		return LedgerFitness.unfit("leases were never tried on " + product, false);
	}

	private String product() throws LedgerException {
		try (Connection connection = coordinator()) {
			return connection.getMetaData().getDatabaseProductName();
		}
		catch (SQLException ex) {
			throw new LedgerException("the server could not be examined: " + ex.getMessage(), false, ex);
		}
	}

	private Connection coordinator() throws SQLException {
		return this.options.coordination().connect(this.pool);
	}

	/**
	 * Makes the membership, once there is no objection.
	 */
	LeasedServer join(ServerIdentity identity, Budget budget, ScheduledExecutorService executor,
			FleetLeases.Listener listener) {
		SlotLedger<Connection> ledger = this.ledger;
		if (ledger == null) {
			throw new IllegalStateException("nobody looked at " + identity);
		}
		long member = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
		LeaseSettings settings = this.options.settings(member, this.authenticationTimeout);
		SharedSlots slots = new SharedSlots(settings, budget,
				this.options.coordination() == LeaseOptions.Coordination.OF_THE_POOL);
		return new LeasedServer(identity, settings, ledger, slots, executor, listener::changed,
				listener::membersChanged);
	}

}
