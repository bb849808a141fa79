package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import org.jspecify.annotations.Nullable;

/**
 * Borrows connections that nobody uses, to ask the server over. Never waits for one, and
 * never has the pool open one. Safe for any thread.
 */
final class IdleConnections {

	private final HikariDataSource pool;

	IdleConnections(HikariDataSource pool) {
		this.pool = pool;
	}

	/**
	 * Borrows a connection that is idle. Another borrower may be faster, so one
	 * millisecond is waited for.
	 * @return the connection, for the caller to close; {@code null} if none is idle
	 */
	@Nullable Connection borrow() {
		if (this.pool.isClosed() || !(this.pool.getHikariPoolMXBean() instanceof HikariPool running)
				|| running.getIdleConnections() == 0) {
			return null;
		}
		try {
			return running.getConnection(1);
		}
		catch (SQLException ex) {
			return null;
		}
	}

}
