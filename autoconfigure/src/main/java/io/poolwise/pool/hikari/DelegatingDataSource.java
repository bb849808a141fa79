package io.poolwise.pool.hikari;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;

import javax.sql.DataSource;

/**
 * A data source that passes everything on to another one.
 */
abstract class DelegatingDataSource implements DataSource {

	/**
	 * Where everything goes.
	 * @return the other data source
	 */
	abstract DataSource target();

	@Override
	public Connection getConnection() throws SQLException {
		return target().getConnection();
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		return target().getConnection(username, password);
	}

	@Override
	public final PrintWriter getLogWriter() throws SQLException {
		return target().getLogWriter();
	}

	@Override
	public final void setLogWriter(PrintWriter out) throws SQLException {
		target().setLogWriter(out);
	}

	@Override
	public final void setLoginTimeout(int seconds) throws SQLException {
		target().setLoginTimeout(seconds);
	}

	@Override
	public final int getLoginTimeout() throws SQLException {
		return target().getLoginTimeout();
	}

	@Override
	public final Logger getParentLogger() throws SQLFeatureNotSupportedException {
		return target().getParentLogger();
	}

	@Override
	public final <T> T unwrap(Class<T> type) throws SQLException {
		return type.isInstance(target()) ? type.cast(target()) : target().unwrap(type);
	}

	@Override
	public final boolean isWrapperFor(Class<?> type) throws SQLException {
		return type.isInstance(target()) || target().isWrapperFor(type);
	}

}
