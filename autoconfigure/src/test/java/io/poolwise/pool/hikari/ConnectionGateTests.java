package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.poolwise.pool.ConnectionPermits;
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

	/**
	 * The session is known to the fleet before it is known here.
	 */
	@Test
	void connectionThatIsCutBeforeItIsSettledGivesItsLeaveBack() {
		this.leave.cutWhileSettling = true;
		ConnectionGate gate = gate((session) -> {
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection)
			.withMessage("The connection was cut while it was made");
		assertThat(this.leave.closedOnceSettled).hasValue(1);
		assertThat(gate.open()).isZero();
	}

	@Test
	void closedConnectionGivesItsRoomAndItsLeaveBackOnce() throws SQLException {
		ConnectionGate gate = gate((session) -> {
		});
		Connection connection = gate.getConnection();
		assertThat(gate.open()).isOne();
		assertThat(gate.connections()).hasSize(1);
		connection.close();
		connection.close();
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closed).hasValue(1);
	}

	@Test
	void connectionThatIsCutInUseGivesItsRoomAndItsLeaveBackOnce() throws SQLException {
		ConnectionGate gate = gate((session) -> {
		});
		Connection connection = gate.getConnection();
		this.leave.retirement.cut();
		connection.close();
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closed).hasValue(1);
	}

	@Test
	void connectThatFailsGivesItsRoomBackAndSaysWhy() {
		SQLException refused = new SQLException("refused");
		ConnectionGate gate = gate((session) -> {
		}, () -> {
			throw refused;
		});
		List<Throwable> heard = new ArrayList<>();
		gate.listen(new GateListener() {

			@Override
			public void connectFailed(Throwable failure) {
				heard.add(failure);
			}

		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate::getConnection).isSameAs(refused);
		assertThat(gate.open()).isZero();
		assertThat(this.leave.failure).isSameAs(refused);
		assertThat(this.leave.closed).hasValue(0);
		assertThat(heard).containsExactly(refused);
	}

	/**
	 * The limit falls while the connect waits for leave.
	 */
	@Test
	void leaveIsGivenBackWhenThereIsNoRoomAnyMore() {
		ConnectionGate[] gate = new ConnectionGate[1];
		this.leave.asked = () -> gate[0].limit(0);
		gate[0] = new ConnectionGate(database(), (session) -> {
		}, this.leave.permits(), new QueryLimit(0), 5, () -> 50);
		assertThatExceptionOfType(SQLException.class).isThrownBy(gate[0]::getConnection)
			.withMessageContaining("may have 0 connections");
		assertThat(this.leave.unused).hasValue(1);
		assertThat(gate[0].open()).isZero();
	}

	@Test
	void connectThatWaitsForLeaveTakesNoRoom() throws SQLException {
		ConnectionGate[] gate = new ConnectionGate[1];
		List<Integer> open = new ArrayList<>();
		this.leave.asked = () -> open.add(gate[0].open());
		gate[0] = gate((session) -> open.add(gate[0].open()));
		gate[0].getConnection();
		assertThat(open).containsExactly(0, 1);
	}

	@Test
	void connectionThatWasOpenedAheadArrivesWhenThePoolAsks() throws SQLException {
		List<String> heard = new ArrayList<>();
		ConnectionGate gate = gate((session) -> {
		});
		gate.listen(new GateListener() {

			@Override
			public void connected() {
				heard.add("connected");
			}

			@Override
			public void arrived() {
				heard.add("arrived");
			}

		});
		gate.ahead().begin(1, () -> true);
		assertThat(gate.openAhead(database()::getConnection)).isTrue();
		assertThat(heard).containsExactly("connected");
		assertThat(gate.getConnection()).isSameAs(gate.connections().get(0));
		assertThat(heard).containsExactly("connected", "arrived");
		assertThat(gate.open()).isOne();
	}

	@Test
	void aBorrowerIsForgottenWithTheReturn() throws SQLException {
		ConnectionGate gate = gate((session) -> {
		});
		gate.watch().recordBorrowers();
		gate.watch().recordSites(1);
		GateConnection connection = (GateConnection) gate.getConnection();
		connection.borrowedAs(connection);
		assertThat(connection.borrower()).isSameAs(Thread.currentThread());
		assertThat(connection.site()).isNotNull();
		assertThat(connection.isBorrowed()).isTrue();
		connection.clearWarnings();
		assertThat(connection.borrower()).isNull();
		assertThat(connection.site()).isNull();
		assertThat(connection.isBorrowed()).isFalse();
		assertThat(gate.returns()).isOne();
	}

	@Test
	void returnsAreHeardOfWhileTheyAreWatched() throws SQLException {
		ConnectionGate gate = gate((session) -> {
		});
		AtomicInteger returned = new AtomicInteger();
		gate.listen(new GateListener() {

			@Override
			public void returned(GateConnection connection) {
				returned.incrementAndGet();
			}

		});
		Connection connection = gate.getConnection();
		connection.clearWarnings();
		assertThat(returned).hasValue(0);
		gate.watch().watchReturns(true);
		connection.clearWarnings();
		assertThat(returned).hasValue(1);
	}

	@Test
	void errorWhileASessionIsPreparedLeavesNothing() {
		Connection[] session = new Connection[1];
		ConnectionGate gate = gate((each) -> {
			session[0] = each;
			throw new InternalError("provoked");
		});
		assertThatExceptionOfType(InternalError.class).isThrownBy(gate::getConnection);
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closedOnceSettled).hasValue(1);
		assertThat(session[0]).matches(ConnectionGateTests::isClosed);
	}

	@Test
	void errorWhileALeaveIsSettledLeavesNothing() throws SQLException {
		Connection session = database().getConnection();
		this.leave.error = new InternalError("provoked");
		ConnectionGate gate = gate((each) -> {
		}, () -> session);
		assertThatExceptionOfType(InternalError.class).isThrownBy(gate::getConnection);
		assertThat(gate.open()).isZero();
		assertThat(session).matches(ConnectionGateTests::isClosed);
	}

	/**
	 * HikariCP never gets such a connection, so nobody else would close it.
	 */
	@Test
	void errorWhileAConnectionIsReportedLeavesNothing() {
		ConnectionGate gate = gate((each) -> {
		});
		gate.listen(new GateListener() {

			@Override
			public void connected() {
				throw new InternalError("provoked");
			}

		});
		assertThatExceptionOfType(InternalError.class).isThrownBy(gate::getConnection);
		assertThat(gate.open()).isZero();
		assertThat(gate.connections()).isEmpty();
		assertThat(this.leave.closedOnceSettled).hasValue(1);
	}

	private static boolean isClosed(Connection connection) {
		try {
			return connection.isClosed();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DataSource database() {
		JdbcDataSource database = new JdbcDataSource();
		database.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
		return database;
	}

	private ConnectionGate gate(SessionPreparer preparer) {
		return gate(preparer, database()::getConnection);
	}

	private ConnectionGate gate(SessionPreparer preparer, ConnectionGate.Connector connector) {
		DataSource target = new DelegatingDataSource() {

			@Override
			DataSource target() {
				throw new UnsupportedOperationException();
			}

			@Override
			public Connection getConnection() throws SQLException {
				return connector.connect();
			}

		};
		return new ConnectionGate(target, preparer, this.leave.permits(), new QueryLimit(0), 5,
				Duration.ofSeconds(30)::toMillis);
	}

	/**
	 * Leave for whoever asks.
	 */
	private static final class Leave implements Permit {

		private final AtomicInteger closed = new AtomicInteger();

		private final AtomicInteger closedOnceSettled = new AtomicInteger();

		private final AtomicInteger unused = new AtomicInteger();

		private Runnable asked = () -> {
		};

		private Throwable failure;

		private Retirement retirement;

		private boolean refused;

		private Error error;

		private boolean cutWhileSettling;

		private boolean settled;

		ConnectionPermits permits() {
			return (patience) -> {
				this.asked.run();
				return this;
			};
		}

		@Override
		public void unused() {
			this.unused.incrementAndGet();
		}

		@Override
		public void failed(Throwable failure) {
			this.failure = failure;
		}

		@Override
		public void settle(Connection session, Retirement retirement) throws SQLException {
			this.retirement = retirement;
			if (this.error != null) {
				throw this.error;
			}
			if (this.refused) {
				session.close();
				throw new SQLException("refused");
			}
			if (this.cutWhileSettling) {
				retirement.cut();
			}
			this.settled = true;
		}

		@Override
		public void closed() {
			this.closed.incrementAndGet();
			if (this.settled) {
				this.closedOnceSettled.incrementAndGet();
			}
		}

	}

}
