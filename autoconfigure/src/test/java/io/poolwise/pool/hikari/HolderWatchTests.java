package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionHolder;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.HolderActivity;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HolderWatch}.
 */
class HolderWatchTests {

	private static final long WAIT = TimeUnit.SECONDS.toNanos(10);

	private final HikariDataSource pool = new HikariDataSource();

	private ConnectionGate gate;

	private HolderWatch watch;

	@BeforeEach
	void create() {
		JdbcDataSource h2 = new JdbcDataSource();
		h2.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		this.gate = new ConnectionGate(h2, (session) -> {
		}, ConnectionPermits.UNLIMITED, new QueryLimit(0), 5, () -> 5000L);
		this.pool.setMaximumPoolSize(2);
		this.pool.setDataSource(this.gate);
		this.watch = new HolderWatch(this.pool, this.gate);
	}

	@AfterEach
	void close() {
		this.pool.close();
	}

	@Test
	void looksTellHowLongAUseLastsAtLeast() throws SQLException {
		assertThat(this.watch.holders(seconds(0), Thread.currentThread())).isEmpty();
		Connection connection = borrow();
		assertThat(onlyHolder(1).held()).hasSeconds(0);
		assertThat(onlyHolder(4).held()).hasSeconds(3);
		connection.close();
		assertThat(this.watch.holders(seconds(5), Thread.currentThread())).isEmpty();
		connection = borrow();
		assertThat(onlyHolder(6).held()).hasSeconds(0);
		connection.close();
		connection = borrow();
		assertThat(onlyHolder(8).held()).as("another use between two looks").hasSeconds(0);
		connection.close();
	}

	@Test
	void holderIsTheThreadThatBorrowed() throws Exception {
		Thread borrower = new Thread(() -> {
			try {
				borrow();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}, "forgetful");
		borrower.start();
		borrower.join();
		ConnectionHolder holder = onlyHolder(1);
		assertThat(holder.thread()).isEqualTo("forgetful");
		assertThat(holder.activity()).isEqualTo(HolderActivity.GONE);
	}

	@Test
	void callerThatFailsIsOneThatWaits() throws SQLException {
		try (Connection connection = borrow()) {
			assertThat(connection.isClosed()).isFalse();
			assertThat(onlyHolder(1).activity()).isEqualTo(HolderActivity.WAITING);
			assertThat(this.watch.holders(seconds(1), new Thread())).singleElement()
				.satisfies((held) -> assertThat(held.activity()).isEqualTo(HolderActivity.ELSEWHERE));
		}
	}

	@Test
	void useOutlastsAWaitIfItStillGoesOnThen() throws SQLException {
		Connection connection = borrow();
		this.watch.look(seconds(0));
		List<HolderWatch.Held> held = this.watch.holders(seconds(9), Thread.currentThread());
		assertThat(held.get(0).holder(WAIT, seconds(1)).outlasts()).isFalse();
		assertThat(held.get(0).holder(WAIT, seconds(3)).outlasts()).isTrue();
		connection.close();
		assertThat(held.get(0).holder(WAIT, seconds(3)).outlasts()).isFalse();
		connection = borrow();
		assertThat(held.get(0).holder(WAIT, seconds(3)).outlasts()).as("another use").isFalse();
		connection.close();
	}

	@Test
	void placesAreRecordedWhileSomebodyHoldsForLong() throws SQLException {
		Connection first = borrow();
		this.watch.look(seconds(0));
		this.watch.look(seconds(4));
		assertThat(this.gate.watch().recordsSites()).isZero();
		this.watch.look(seconds(5));
		assertThat(this.gate.watch().recordsSites()).isEqualTo(1);
		first.close();
		Connection second = borrow();
		assertThat(onlyHolder(6).borrowedAt()).extracting(StackTraceElement::getMethodName)
			.contains("placesAreRecordedWhileSomebodyHoldsForLong")
			.hasSizeLessThanOrEqualTo(48);
		second.close();
		this.watch.look(seconds(66));
		assertThat(this.gate.watch().recordsSites()).isZero();
		Connection third = borrow();
		assertThat(onlyHolder(67).borrowedAt()).isEmpty();
		third.close();
	}

	@Test
	void placesInAFastPoolAreASample() throws SQLException {
		Connection held = borrow();
		this.watch.look(seconds(0));
		for (int i = 0; i < 9000; i++) {
			borrow().close();
		}
		this.watch.look(seconds(6));
		assertThat(this.gate.watch().recordsSites()).as("1500 borrows a second").isEqualTo(2);
		int recorded = 0;
		for (int i = 0; i < 100; i++) {
			Connection connection = borrow();
			recorded += (connection.unwrap(GateConnection.class).site() != null) ? 1 : 0;
			connection.close();
		}
		assertThat(recorded).isEqualTo(50);
		held.close();
	}

	private Connection borrow() throws SQLException {
		Connection connection = this.pool.getConnection();
		connection.unwrap(GateConnection.class).borrowedAs(connection);
		return connection;
	}

	private ConnectionHolder onlyHolder(int second) {
		List<HolderWatch.Held> held = this.watch.holders(seconds(second), Thread.currentThread());
		assertThat(held).hasSize(1);
		return held.get(0).holder(WAIT, 0);
	}

	private static long seconds(int count) {
		return TimeUnit.SECONDS.toNanos(count);
	}

}
