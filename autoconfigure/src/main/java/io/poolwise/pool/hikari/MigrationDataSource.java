package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * A pool as a migration tool sees it: connections of the pool, without the command
 * timeout, which they get back before they return.
 */
final class MigrationDataSource extends DelegatingDataSource {

	private final DataSource pool;

	private final PendingBound.Borrowing borrowing;

	private final DatabaseSessions sessions;

	MigrationDataSource(DataSource pool, PendingBound.Borrowing borrowing, DatabaseSessions sessions) {
		this.pool = pool;
		this.borrowing = borrowing;
		this.sessions = sessions;
	}

	@Override
	DataSource target() {
		return this.pool;
	}

	@Override
	public Connection getConnection() throws SQLException {
		MigrationConnection connection = new MigrationConnection(this.borrowing.borrow());
		boolean lifted = false;
		try {
			connection.execute(this.sessions.liftStatement());
			lifted = true;
			return connection;
		}
		finally {
			if (!lifted) {
				connection.delegate().close();
			}
		}
	}

	private final class MigrationConnection extends DelegatingConnection {

		MigrationConnection(Connection delegate) {
			super(delegate);
		}

		void execute(@Nullable String sql) throws SQLException {
			if (sql != null) {
				try (Statement statement = createStatement()) {
					statement.execute(sql);
				}
			}
		}

		@Override
		public void close() throws SQLException {
			try (Connection connection = delegate()) {
				if (!connection.isClosed()) {
					if (!connection.getAutoCommit()) {
						connection.rollback();
						connection.setAutoCommit(true);
					}
					execute(MigrationDataSource.this.sessions.restoreStatement());
				}
			}
		}

	}

}
