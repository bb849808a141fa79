package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;

import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's driver, which throws an {@code OutOfMemoryError} once its connection is
 * open, a number of times for a URL.
 */
public final class FailingDriver implements Driver {

	private static final Map<String, AtomicInteger> ERRORS = new ConcurrentHashMap<>();

	private final org.postgresql.Driver driver = new org.postgresql.Driver();

	/**
	 * Lets the next connects fail.
	 * @param url whose
	 * @param count how many
	 */
	static void fail(String url, int count) {
		ERRORS.put(url, new AtomicInteger(count));
	}

	@Override
	public @Nullable Connection connect(String url, Properties info) throws SQLException {
		Connection connection = this.driver.connect(url, info);
		AtomicInteger errors = ERRORS.get(url);
		if (errors != null && errors.getAndDecrement() > 0) {
			throw new OutOfMemoryError("provoked");
		}
		return connection;
	}

	@Override
	public boolean acceptsURL(String url) {
		return this.driver.acceptsURL(url);
	}

	@Override
	public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
		return this.driver.getPropertyInfo(url, info);
	}

	@Override
	public int getMajorVersion() {
		return this.driver.getMajorVersion();
	}

	@Override
	public int getMinorVersion() {
		return this.driver.getMinorVersion();
	}

	@Override
	public boolean jdbcCompliant() {
		return false;
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getLogger("org.postgresql");
	}

}
