package io.poolwise.fleet;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.budget.Budget;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.Reserve;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import io.poolwise.governor.BudgetPolicy;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolRequest;
import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SlotLedger;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeasedServer}.
 */
@Timeout(120)
class LeasedServerTests {

	@Test
	void aLookThatFailsIsNotTheLast() {
		ScheduledExecutorService executor = new ScheduledThreadPoolExecutor(2, new ThreadPoolExecutor.DiscardPolicy());
		Budget budget = Budget.of(ServerLimit.ofServer(57, List.of()), Reserve.parse("10%"), BigDecimal.ONE);
		Uncountable pool = new Uncountable("primary", new AtomicInteger());
		LeaseSettings settings = LeaseSettings.defaults(1, 0);
		try (LeasedServer server = new LeasedServer(new ServerIdentity("away"), settings, new Away(),
				new SharedSlots(settings, budget, true), executor, new Nothing())) {
			server.pools().add(pool.governed());
			server.start("primary");
			await().atMost(Duration.ofSeconds(30)).until(() -> pool.counted().get() >= 3);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static final class Nothing implements LeasedServer.Events {

		@Override
		public void changed(ServerIdentity server) {
		}

		@Override
		public void membersChanged() {
		}

		@Override
		public void limitInDoubt(String pool) {
		}

		@Override
		public void impossible(LeasedServer server, String pool, String objection) {
		}

	}

	/**
	 * The locks of a server that is away.
	 */
	private static final class Away implements SlotLedger<Connection> {

		@Override
		public CoordinatorSession open(int seats, int budget) throws LedgerException {
			throw new LedgerException("away", true, new SQLException("away"));
		}

		@Override
		public Fenced fence(Connection connection, Grant grant) {
			throw new UnsupportedOperationException("nobody connects");
		}

		@Override
		public boolean forgo(Connection connection, int slot) {
			return true;
		}

		@Override
		public boolean end(Connection connection) {
			return true;
		}

		@Override
		public boolean leftNoSession(Throwable failure, Duration took) {
			return true;
		}

	}

	private record Uncountable(String name, AtomicInteger counted) implements QuietPool {

		GovernedPool governed() {
			BudgetPolicy budget = new BudgetPolicy("pool.database.budget", null, Reserve.parse("10%"), BigDecimal.ONE,
					false);
			return new GovernedPool(this, this, new PoolRequest(new PoolDemand(this.name, 0, 10, 0), false,
					"pool.database.max-size", budget, List.of()));
		}

		@Override
		public PoolCounts counts() {
			if (this.counted.incrementAndGet() == 1) {
				throw new OutOfMemoryError("once");
			}
			throw new IllegalStateException("nobody knows");
		}

	}

}
