package io.poolwise.lease.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.poolwise.lease.Demand;
import io.poolwise.lease.FleetView;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.SessionConnector;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.Strangers;
import io.poolwise.lease.mariadb.MariaDbSlotLedger;
import io.poolwise.lease.postgres.PostgresSlotLedger;
import io.poolwise.testservers.MariaDbServer;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a fleet costs that has nothing to do: {@code -Dleases.cost=50,1000} members and
 * slots, all of them in use by sessions that are idle, and a minute of steady state on a
 * real server. {@code mvn -pl autoconfigure -am -Pscenarios verify
 * -Dit.test=LeaseCostRun}, on one server with {@code -Dservers=MariaDB}.
 */
class LeaseCostRun {

	private static final Duration STEADY = Duration.ofSeconds(60);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final String[] size = System.getProperty("leases.cost", "50,1000").split(",");

	private final int members = Integer.parseInt(this.size[0]);

	private final int slots = Integer.parseInt(this.size[1]);

	private final List<Connection> connections = new ArrayList<>();

	static List<String> servers() {
		return List.of(System.getProperty("servers", "PostgreSQL,MariaDB").split(","));
	}

	@ParameterizedTest
	@MethodSource("servers")
	void steadyStateCostsLittle(String product) throws Exception {
		boolean postgres = product.equals("PostgreSQL");
		int limit = this.slots + LeaseSettings.SEATS + 20;
		try (TestServer server = postgres ? PostgresServer.builder().maxConnections(limit).start()
				: MariaDbServer.builder().maxConnections(limit).start()) {
			String url = (server instanceof PostgresServer pg) ? pg.jdbcUrl() : ((MariaDbServer) server).jdbcUrl();
			String user = postgres ? "postgres" : "root";
			SessionConnector<Connection, SQLException> connector = () -> DriverManager.getConnection(url, user, user);
			SlotLedger<Connection> ledger = postgres ? new PostgresSlotLedger(connector, "cost")
					: new MariaDbSlotLedger(connector, "cost");
			double idle = measure(product, connector, 0);
			run(product, ledger, connector, idle);
		}
	}

	private void run(String product, SlotLedger<Connection> ledger,
			SessionConnector<Connection, SQLException> connector, double idle) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		List<LeaseRuntime> fleet = new ArrayList<>();
		try {
			int each = this.slots / this.members;
			for (int i = 1; i <= this.members; i++) {
				LeaseRuntime runtime = new LeaseRuntime(LeaseSettings.defaults(i, each - 1), ledger, new Pools(),
						executor, this.slots, System::nanoTime);
				runtime.demand(Demand.of(each));
				runtime.start();
				fleet.add(runtime);
			}
			await().atMost(PATIENCE)
				.until(() -> fleet.stream()
					.allMatch((runtime) -> runtime.state().phase() == LeaseState.Phase.PAID
							&& runtime.state().owned() >= each));
			connectAll(fleet, each - 1, ledger, connector, executor);
			// what joining has left behind is looked at for the last time
			TimeUnit.SECONDS.sleep(40);
			double steady = measure(product, connector, this.members);
			System.out.printf("of that, %s without a fleet: %.2f %%; with: %.2f %%%n", product, idle, steady);
		}
		finally {
			fleet.forEach((runtime) -> executor.execute(runtime::close));
			executor.shutdown();
			executor.awaitTermination(60, TimeUnit.SECONDS);
			for (Connection connection : this.connections) {
				connection.abort(Runnable::run);
			}
		}
	}

	private void connectAll(List<LeaseRuntime> fleet, int each, SlotLedger<Connection> ledger,
			SessionConnector<Connection, SQLException> connector, ExecutorService executor) throws Exception {
		List<Callable<Boolean>> connects = new ArrayList<>();
		for (LeaseRuntime runtime : fleet) {
			connects.add(() -> {
				boolean all = true;
				for (int i = 0; i < each; i++) {
					Grant grant = runtime.awaitGrant(PATIENCE);
					Connection connection = connector.connect();
					synchronized (this.connections) {
						this.connections.add(connection);
					}
					all &= grant != null && runtime.fenced(grant, ledger.fence(connection, grant));
				}
				return all;
			});
		}
		for (Future<Boolean> connected : executor.invokeAll(connects)) {
			assertThat(connected.get()).isTrue();
		}
	}

	/**
	 * Prints how much of a core the coordinator sessions, or all of MariaDB, and the
	 * threads of all instances take.
	 * @return what the server takes, in percent
	 */
	private double measure(String product, SessionConnector<Connection, SQLException> connector, int members)
			throws Exception {
		List<Long> processes = new ArrayList<>();
		try (Connection observer = connector.connect()) {
			if (product.equals("PostgreSQL")) {
				try (Statement statement = observer.createStatement();
						ResultSet row = statement.executeQuery(
								"SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'poolwise1 %'")) {
					while (row.next()) {
						processes.add(row.getLong(1));
					}
				}
				assertThat(processes).hasSize(members);
			}
			else {
				ProcessHandle.current()
					.descendants()
					.filter((process) -> process.info().command().orElse("").contains("mariadbd"))
					.forEach((process) -> processes.add(process.pid()));
				assertThat(processes).hasSize(1);
			}
		}
		long instances = ofInstances();
		long server = ofProcesses(processes);
		long begin = System.nanoTime();
		TimeUnit.NANOSECONDS.sleep(STEADY.toNanos());
		double core = System.nanoTime() - begin;
		double percent = 100 * (ofProcesses(processes) - server) / core;
		System.out.printf("| %s | %d | %d | %.2f %% | %.2f %% |%n", product, members, this.slots, percent,
				100 * (ofInstances() - instances) / core);
		return percent;
	}

	private static long ofProcesses(List<Long> processes) {
		return processes.stream()
			.mapToLong((pid) -> ProcessHandle.of(pid)
				.flatMap((process) -> process.info().totalCpuDuration())
				.orElseThrow()
				.toNanos())
			.sum();
	}

	private static long ofInstances() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long nanos = 0;
		for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
			if (thread != null && thread.getThreadName().startsWith("poolwise-leases-")) {
				nanos += threads.getThreadCpuTime(thread.getThreadId());
			}
		}
		return nanos;
	}

	/**
	 * Pools that have what they may have.
	 */
	private static final class Pools implements LeasePort {

		@Override
		public void allow(int sessions, boolean open, String reason) {
		}

		@Override
		public void retire(SessionId session) {
		}

		@Override
		public void cut(SessionId session) {
		}

		@Override
		public void strangers(Strangers strangers) {
		}

		@Override
		public void limitsMayHaveChanged() {
		}

		@Override
		public boolean hasNarrowLimits() {
			return false;
		}

		@Override
		public void forbidden(String why) {
		}

		@Override
		public void report(FleetView fleet) {
		}

	}

}
