package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.ServerProbe;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HikariProbe} with a clock that a test moves.
 */
class HikariProbeTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final AtomicInteger connects = new AtomicInteger();

	private volatile boolean refusing;

	private HikariDataSource pool;

	private HikariProbe probe;

	@BeforeEach
	void start() {
		HikariConfig settings = new HikariConfig();
		TargetDataSource target = new TargetDataSource(settings, h2(), null);
		ConnectionGate gate = new ConnectionGate(target, (session) -> {
		}, ConnectionPermits.UNLIMITED, new QueryLimit(0), 1, () -> 1000);
		settings.setDataSource(gate);
		settings.setMaximumPoolSize(1);
		this.pool = new HikariDataSource(settings);
		this.probe = new HikariProbe("test", this.pool, gate, target, ConnectionPermits.UNLIMITED, new Semaphore(1),
				this.now::get);
	}

	@AfterEach
	void close() {
		this.probe.close();
		this.pool.close();
	}

	@Test
	void freePoolIsAskedOverItsOwnConnection() throws SQLException {
		this.pool.getConnection().close();
		int before = this.connects.get();
		assertThat(ask()).isInstanceOf(ServerProbe.Answered.class);
		assertThat(ask()).isInstanceOf(ServerProbe.Answered.class);
		assertThat(this.connects).hasValue(before);
	}

	@Test
	void fullPoolsServerIsAskedOnceASecondAtMost() throws SQLException {
		try (Connection held = this.pool.getConnection()) {
			int before = this.connects.get();
			ServerProbe first = ask();
			assertThat(first).isInstanceOf(ServerProbe.Answered.class);
			assertThat(this.connects).hasValue(before + 1);
			for (int i = 0; i < 10; i++) {
				this.now.addAndGet(Duration.ofMillis(100).toNanos());
				assertThat(ask()).isEqualTo(first);
			}
			assertThat(this.connects).hasValue(before + 1);
			this.now.incrementAndGet();
			assertThat(ask()).isInstanceOf(ServerProbe.Answered.class);
			assertThat(this.connects).hasValue(before + 2);
			assertThat(held.isValid(1)).isTrue();
		}
	}

	@Test
	void refusalIsReusedAsAnAnswerIs() throws SQLException {
		try (Connection held = this.pool.getConnection()) {
			this.refusing = true;
			int before = this.connects.get();
			assertThat(ask()).isEqualTo(new ServerProbe.Failed("refused"));
			assertThat(ask()).isEqualTo(new ServerProbe.Failed("refused"));
			assertThat(this.connects).hasValue(before + 1);
			this.refusing = false;
			this.now.addAndGet(Duration.ofMillis(1001).toNanos());
			assertThat(ask()).isInstanceOf(ServerProbe.Answered.class);
			assertThat(held.isValid(1)).isTrue();
		}
	}

	@Test
	void recentUseIsTakenForAnAnswer() throws SQLException {
		try (Connection held = this.pool.getConnection()) {
			ask();
			assertThat(held.isValid(1)).isTrue();
		}
		this.now.addAndGet(Duration.ofSeconds(2).toNanos());
		int before = this.connects.get();
		try (Connection held = this.pool.getConnection()) {
			assertThat(ask()).isEqualTo(new ServerProbe.Busy(Duration.ofSeconds(2)));
			assertThat(this.connects).hasValue(before);
			assertThat(held.isValid(1)).isTrue();
		}
	}

	private ServerProbe ask() {
		return this.probe.probe(TIMEOUT);
	}

	private DataSource h2() {
		JdbcDataSource h2 = new JdbcDataSource();
		h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return new DelegatingDataSource() {

			@Override
			DataSource target() {
				return h2;
			}

			@Override
			public Connection getConnection() throws SQLException {
				HikariProbeTests.this.connects.incrementAndGet();
				if (HikariProbeTests.this.refusing) {
					throw new SQLException("refused");
				}
				return h2.getConnection();
			}

		};
	}

}
