package io.poolwise.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Borrows a connection of PostgreSQL and gives it back. Each thread can have a
 * connection, so what is measured is the path and not the wait.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class BorrowBenchmark {

	/**
	 * Which pool.
	 */
	@Param
	public Contender contender = Contender.HIKARI;

	private Contender.Started started;

	private HikariDataSource pool;

	/**
	 * Starts the pool, with all its connections open.
	 */
	@Setup
	public void start() throws SQLException {
		this.started = this.contender.start(Integer.getInteger(PoolType.DATABASE.property()));
		this.pool = this.started.pool();
		Connection[] all = new Connection[Contender.SIZE];
		for (int i = 0; i < all.length; i++) {
			all[i] = this.pool.getConnection();
		}
		for (Connection connection : all) {
			connection.close();
		}
	}

	/**
	 * Closes the pool.
	 */
	@TearDown
	public void stop() throws Exception {
		this.started.owner().close();
	}

	/**
	 * Borrows and gives back.
	 * @return the connection, so that nothing is optimized away
	 */
	@Benchmark
	public Connection borrow() throws SQLException {
		try (Connection connection = this.pool.getConnection()) {
			return connection;
		}
	}

}
