package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RoutedConnection}.
 */
class RoutedConnectionTests {

	private final List<Boolean> borrows = new ArrayList<>();

	private final List<Connection> lent = new ArrayList<>();

	private final Connection connection = RoutedConnection.of(this::borrow, true);

	@AfterEach
	void close() throws SQLException {
		for (Connection lent : this.lent) {
			lent.close();
		}
	}

	private Connection borrow(boolean readOnly) throws SQLException {
		this.borrows.add(readOnly);
		Connection lent = DriverManager.getConnection("jdbc:h2:mem:" + (readOnly ? "replica" : "primary"));
		this.lent.add(lent);
		return lent;
	}

	@Test
	void nothingIsBorrowedForWhatNeedsNoConnection() throws SQLException {
		this.connection.setReadOnly(true);
		this.connection.setAutoCommit(false);
		this.connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
		assertThat(this.connection.isReadOnly()).isTrue();
		assertThat(this.connection.getAutoCommit()).isFalse();
		assertThat(this.connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
		assertThat(this.connection.isClosed()).isFalse();
		assertThat(List.of(this.connection)).contains(this.connection);
		assertThat(this.connection).hasToString("routed connection, nothing borrowed yet");
		this.connection.commit();
		this.connection.rollback();
		this.connection.clearWarnings();
		this.connection.close();
		assertThat(this.borrows).isEmpty();
		assertThat(this.connection.isClosed()).isTrue();
	}

	@Test
	void statementsRunWhereTheTransactionBelongs() throws SQLException {
		assertThat(database()).isEqualTo("PRIMARY");
		this.connection.setReadOnly(true);
		this.connection.setAutoCommit(false);
		assertThat(database()).isEqualTo("REPLICA");
		this.connection.commit();
		assertThat(this.borrows).containsExactly(false, true);
	}

	@Test
	void whatWasSetIsSetOnWhatIsBorrowed() throws SQLException {
		this.connection.setReadOnly(true);
		this.connection.setAutoCommit(false);
		this.connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
		database();
		assertThat(this.lent.get(0).getAutoCommit()).isFalse();
		assertThat(this.lent.get(0).getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
	}

	@Test
	void nextTransactionGoesElsewhereAndNothingIsLeftBehind() throws SQLException {
		this.connection.setReadOnly(true);
		this.connection.setAutoCommit(false);
		this.connection.setSchema("INFORMATION_SCHEMA");
		database();
		this.connection.commit();
		this.connection.setAutoCommit(true);
		this.connection.setReadOnly(false);
		assertThat(this.lent.get(0).isClosed()).isTrue();
		assertThat(database()).isEqualTo("PRIMARY");
		assertThat(this.lent.get(1).getAutoCommit()).isTrue();
		assertThat(this.lent.get(1).getSchema()).isEqualTo("INFORMATION_SCHEMA");
		this.connection.close();
		assertThat(this.lent.get(1).isClosed()).isTrue();
	}

	@Test
	void sameKindOfTransactionKeepsTheConnection() throws SQLException {
		for (int i = 0; i < 3; i++) {
			this.connection.setReadOnly(true);
			this.connection.setAutoCommit(false);
			database();
			this.connection.commit();
			this.connection.setAutoCommit(true);
		}
		assertThat(this.borrows).containsExactly(true);
	}

	@Test
	void withoutAutoCommitTheEndOfTheTransactionIsWhatCounts() throws SQLException {
		Connection manual = RoutedConnection.of(this::borrow, false);
		manual.setReadOnly(true);
		try (Statement statement = manual.createStatement()) {
			statement.execute("CALL DATABASE()");
		}
		manual.rollback();
		manual.setReadOnly(false);
		try (Statement statement = manual.createStatement()) {
			statement.execute("CALL DATABASE()");
		}
		// too late: a transaction has begun
		manual.setReadOnly(true);
		assertThat(this.borrows).containsExactly(true, false);
		manual.close();
	}

	@Test
	void connectionBehindItCanBeHad() throws SQLException {
		assertThat(this.connection.isWrapperFor(JdbcConnection.class)).isTrue();
		assertThat(this.connection.unwrap(JdbcConnection.class)).isSameAs(this.lent.get(0));
		assertThat(this.connection.unwrap(Connection.class)).isSameAs(this.connection);
		assertThat(this.borrows).containsExactly(false);
	}

	@Test
	void failureIsTheDriversOwn() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
			try (PreparedStatement statement = this.connection.prepareStatement("nonsense")) {
				statement.execute();
			}
		}).withMessageContaining("Syntax error");
	}

	@Test
	void closedItGivesNothingMore() throws SQLException {
		database();
		this.connection.close();
		this.connection.close();
		assertThat(this.lent.get(0).isClosed()).isTrue();
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.connection::createStatement)
			.withMessage("The connection is closed");
		assertThat(this.borrows).hasSize(1);
	}

	private String database() throws SQLException {
		try (Statement statement = this.connection.createStatement();
				ResultSet row = statement.executeQuery("CALL DATABASE()")) {
			row.next();
			return row.getString(1);
		}
	}

}
