package io.poolwise.fleet;

import java.math.BigDecimal;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitReading.Granted;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.Reserve;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import io.poolwise.governor.BudgetPolicy;
import io.poolwise.governor.FleetLeases;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolRequest;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeasedServers} with a coordinator on a real server.
 */
@Timeout(180)
class LeasedServersIT {

	private static final ServerIdentity BEFORE = new ServerIdentity("before");

	private static final ServerIdentity AFTER = new ServerIdentity("after");

	private static final ServerLimit LIMIT = ServerLimit.ofServer(57, List.of());

	private static final Budget BUDGET = Budget.of(LIMIT, Reserve.parse("10%"), BigDecimal.ONE);

	@Test
	void poolsThatFailOverAtOnceKeepTheirMembership() throws InterruptedException {
		ScheduledExecutorService executor = new ScheduledThreadPoolExecutor(2, new ThreadPoolExecutor.DiscardPolicy());
		LeaseOptions options = new LeaseOptions(true, "failover", 2, Duration.ofSeconds(1),
				LeaseOptions.Coordination.OF_THE_POOL);
		try (PostgresServer server = PostgresServer.builder().maxConnections(60).start();
				LeasedServers leases = new LeasedServers(options, executor)) {
			leases.listen(new Nobody());
			for (String name : List.of("first", "second")) {
				leases.permits(name)
					.connectThrough(
							() -> DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password()));
				leases.read(pool(name), new Granted(BEFORE, LIMIT), BUDGET);
			}
			assertThat(leases.on(BEFORE)).isNotNull();
			Thread first = new Thread(() -> leases.read(pool("first"), new Granted(AFTER, LIMIT), BUDGET));
			Thread second = new Thread(() -> leases.read(pool("second"), new Granted(AFTER, LIMIT), BUDGET));
			// both find nothing under the new identity, and go on one after the other
			synchronized (leases) {
				first.start();
				second.start();
				await().atMost(Duration.ofSeconds(30))
					.until(() -> first.getState() == Thread.State.BLOCKED && second.getState() == Thread.State.BLOCKED);
			}
			first.join();
			second.join();
			assertThat(leases.on(BEFORE)).isNull();
			assertThat(leases.on(AFTER)).isNotNull();
			assertThat(leases.all()).hasSize(1);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static GovernedPool pool(String name) {
		BudgetPolicy budget = new BudgetPolicy("pool.database.budget", null, Reserve.parse("10%"), BigDecimal.ONE,
				false);
		Idle pool = new Idle(name);
		return new GovernedPool(pool, pool,
				new PoolRequest(new PoolDemand(name, 0, 10, 0), false, "pool.database.max-size", budget, List.of()));
	}

	private static final class Nobody implements FleetLeases.Listener {

		@Override
		public void changed(Object server) {
		}

		@Override
		public void membersChanged() {
		}

		@Override
		public void ask(String pool) {
		}

	}

	private record Idle(String name) implements QuietPool {

	}

}
