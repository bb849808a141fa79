package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.PoolSize;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link HikariResizer}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HikariResizerTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	@AfterEach
	void close() {
		this.executor.shutdownNow();
	}

	/**
	 * Between the two steps of a close, the connection is neither open nor no longer
	 * retiring. Here each of them falls into the middle of the shrink.
	 */
	@Test
	void shrinkIsCompleteThoughConnectionsCloseMeanwhile() throws SQLException {
		ConnectionGate gate = gate(40);
		try (HikariDataSource pool = new SlowToEvict(gate)) {
			pool.setDataSource(gate);
			HikariResizer resizer = new HikariResizer(pool, gate, PoolSize.of(0, 40), this.executor);
			List<Connection> borrowed = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				Connection connection = pool.getConnection();
				connection.unwrap(GateConnection.class).borrowedAs(connection);
				borrowed.add(connection);
			}
			for (Connection connection : borrowed) {
				connection.close();
			}
			resizer.resize(PoolSize.of(0, 5));
			await().atMost(LONG).until(() -> gate.open() == 5);
		}
	}

	private static ConnectionGate gate(int limit) {
		JdbcDataSource database = new JdbcDataSource();
		database.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		return new ConnectionGate(database, (session) -> {
		}, ConnectionPermits.UNLIMITED, new QueryLimit(0), limit, LONG::toMillis);
	}

	/**
	 * Comes back from an eviction only when that connection is no longer open.
	 */
	private static final class SlowToEvict extends HikariDataSource {

		private final ConnectionGate gate;

		private boolean waited;

		SlowToEvict(ConnectionGate gate) {
			this.gate = gate;
		}

		@Override
		public void evictConnection(Connection connection) {
			int before = this.gate.open();
			super.evictConnection(connection);
			if (!this.waited) {
				this.waited = true;
				await().atMost(LONG).until(() -> this.gate.open() < before);
			}
		}

	}

}
