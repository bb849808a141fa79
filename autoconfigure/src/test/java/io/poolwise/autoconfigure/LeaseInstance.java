package io.poolwise.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * One instance in a process of its own. Its arguments are its properties; on its standard
 * input it is told what load to make, and asked how it went.
 */
final class LeaseInstance {

	private final DataSource pool;

	private final AtomicInteger generation = new AtomicInteger();

	private final AtomicLong done = new AtomicLong();

	private final AtomicLong failedBorrows = new AtomicLong();

	private final AtomicLong failedStatements = new AtomicLong();

	private volatile String lastFailure = "";

	private LeaseInstance(DataSource pool) {
		this.pool = pool;
	}

	/**
	 * Runs until its standard input ends.
	 */
	public static void main(String[] args) throws IOException {
		PrintStream out = System.out;
		System.setOut(System.err);
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try (ConfigurableApplicationContext context = TestApplication.automatic().with(args).run()) {
			LeaseInstance instance = new LeaseInstance(context.getBean(DataSource.class));
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			out.println("ready");
			for (String line = in.readLine(); line != null && !line.equals("stop"); line = in.readLine()) {
				if (line.startsWith("load ")) {
					String[] words = line.split(" ", 3);
					instance.load(Integer.parseInt(words[1]), words[2]);
				}
				List<LeaseShare> shares = governor.leases();
				out.println(instance.done + " " + instance.failedBorrows + " " + instance.failedStatements + " "
						+ shares.stream().mapToInt(LeaseShare::sessions).sum() + " "
						+ (shares.isEmpty() || shares.get(0).degraded()) + " " + instance.lastFailure);
			}
			instance.generation.incrementAndGet();
		}
		out.println("stopped");
		System.exit(0);
	}

	private void load(int threads, String sql) {
		int current = this.generation.incrementAndGet();
		for (int i = 0; i < threads; i++) {
			Thread thread = new Thread(() -> {
				while (this.generation.get() == current) {
					work(sql);
				}
			});
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void work(String sql) {
		try (Connection connection = borrow()) {
			if (connection != null) {
				try (Statement statement = connection.createStatement()) {
					statement.execute(sql);
					this.done.incrementAndGet();
				}
			}
		}
		catch (SQLException ex) {
			this.failedStatements.incrementAndGet();
		}
	}

	private Connection borrow() {
		try {
			return this.pool.getConnection();
		}
		catch (SQLException ex) {
			this.failedBorrows.incrementAndGet();
			this.lastFailure = ex.getMessage().replace('\n', ' ');
			return null;
		}
	}

}
