package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Readers that pause within a large result, on connections that are leased.
 */
@Timeout(120)
class SlowReaderIT {

	private static final int ROWS = 60_000;

	// 60 MB, more than the sockets of both sides take in
	private static final String ROWS_OF_1_KB = "SELECT repeat('x', 1000) FROM generate_series(1, " + ROWS + ")";

	// longer than any timeout that a coordinator has
	private static final Duration PAUSE = Duration.ofSeconds(15);

	private final CountDownLatch pause = new CountDownLatch(1);

	@Test
	void readersThatPauseReadAllRows() throws Exception {
		ExecutorService readers = Executors.newFixedThreadPool(2);
		try (PostgresServer server = PostgresServer.builder().maxConnections(60).start();
				ConfigurableApplicationContext instance = TestApplication.automatic()
					.with("spring.profiles.active=prod", "pool.leases.mode=on",
							"spring.datasource.url=" + server.jdbcUrl(),
							"spring.datasource.username=" + server.username(),
							"spring.datasource.password=" + server.password())
					.run()) {
			DataSource pool = instance.getBean(DataSource.class);
			Future<Integer> copied = readers.submit(() -> copy(pool));
			Future<Integer> fetched = readers.submit(() -> fetch(pool));
			assertThat(copied.get(90, TimeUnit.SECONDS)).isEqualTo(ROWS);
			assertThat(fetched.get(90, TimeUnit.SECONDS)).isEqualTo(ROWS);
		}
		finally {
			readers.shutdownNow();
		}
	}

	private int copy(DataSource pool) throws Exception {
		try (Connection connection = pool.getConnection()) {
			CopyOut copy = connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyOut("COPY (" + ROWS_OF_1_KB + ") TO STDOUT");
			int rows = 0;
			while (copy.readFromCopy() != null) {
				rows++;
				pauseAfterSome(rows);
			}
			return rows;
		}
	}

	private int fetch(DataSource pool) throws SQLException, InterruptedException {
		try (Connection connection = pool.getConnection()) {
			connection.setAutoCommit(false);
			try (PreparedStatement statement = connection.prepareStatement(ROWS_OF_1_KB)) {
				statement.setFetchSize(1000);
				int rows = 0;
				try (ResultSet result = statement.executeQuery()) {
					while (result.next()) {
						rows++;
						pauseAfterSome(rows);
					}
				}
				connection.commit();
				return rows;
			}
		}
	}

	private void pauseAfterSome(int rows) throws InterruptedException {
		if (rows == 100) {
			assertThat(this.pause.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
		}
	}

}
