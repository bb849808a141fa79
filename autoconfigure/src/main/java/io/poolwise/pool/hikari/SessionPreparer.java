package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Prepares a session before anybody uses it.
 */
interface SessionPreparer {

	void prepare(Connection session) throws SQLException;

}
