package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

/**
 * Bounds how long the preparation of a session waits for the network, as HikariCP bounds
 * its own initial statements: by the validation timeout.
 */
final class BoundedPreparer implements SessionPreparer {

	private final SessionPreparer preparer;

	private final LongSupplier timeoutMillis;

	BoundedPreparer(SessionPreparer preparer, LongSupplier timeoutMillis) {
		this.preparer = preparer;
		this.timeoutMillis = timeoutMillis;
	}

	@Override
	public void prepare(Connection session) throws SQLException {
		int before;
		try {
			before = session.getNetworkTimeout();
			session.setNetworkTimeout(Runnable::run, (int) this.timeoutMillis.getAsLong());
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			// the driver has no such timeout, or the next statement says what is wrong
			this.preparer.prepare(session);
			return;
		}
		this.preparer.prepare(session);
		session.setNetworkTimeout(Runnable::run, before);
	}

}
