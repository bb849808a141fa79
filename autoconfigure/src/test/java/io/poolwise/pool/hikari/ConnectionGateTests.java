package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.pool.ConnectionPermits.Permit;
import io.poolwise.pool.ConnectionPermits.Retirement;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link ConnectionGate}: what becomes of a connect that fails.
 */
class ConnectionGateTests {

	private final Leave leave = new Leave();

	@Test
	void connectionThatCanNotBePreparedLeavesItsRoom() {
		ConnectionGate gate = gate((session) -> {
			throw new SQLException("not now");
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection).withMessage("not now");
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closed).hasValue(1);
	}

	@Test
	void connectionThatMayNotBeUsedLeavesItsRoom() {
		this.leave.refused = true;
		ConnectionGate gate = gate((session) -> {
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection).withMessage("refused");
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
	}

	/**
	 * A server that is cut off answers nobody; the leases move to another one, and cut
	 * what hangs.
	 */
	@Test
	void connectionThatIsCutWhileItIsPreparedIsCountedOffOnce() {
		ConnectionGate gate = gate((session) -> {
			this.leave.retirement.cut();
			throw new SQLException("cut");
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection).withMessage("cut");
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closed).hasPositiveValue();
	}

	@Test
	void connectionThatIsCutWhenItIsPreparedIsNotHandedOut() {
		ConnectionGate gate = gate((session) -> this.leave.retirement.cut());
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection)
			.withMessage("The connection was cut while it was made");
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closed).hasPositiveValue();
	}

	private ConnectionGate gate(SessionPreparer preparer) {
		JdbcDataSource database = new JdbcDataSource();
		database.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		return new ConnectionGate(database, preparer, (patience) -> this.leave, new QueryLimit(0), 5,
				Duration.ofSeconds(30)::toMillis);
	}

	/**
	 * Leave for whoever asks.
	 */
	private static final class Leave implements Permit {

		private final AtomicInteger closed = new AtomicInteger();

		private Retirement retirement;

		private boolean refused;

		@Override
		public void unused() {
		}

		@Override
		public void failed(Throwable failure) {
		}

		@Override
		public void settle(Connection session, Retirement retirement) throws SQLException {
			this.retirement = retirement;
			if (this.refused) {
				session.close();
				throw new SQLException("refused");
			}
		}

		@Override
		public void closed() {
			this.closed.incrementAndGet();
		}

	}

}
