package io.poolwise.faults;

import java.sql.SQLException;
import java.util.function.UnaryOperator;

import io.poolwise.testservers.MariaDbServer;

/**
 * A MariaDB server.
 */
public final class MariaDbGround extends DatabaseGround {

	private static final int NO_SUCH_THREAD = 1094;

	private MariaDbGround(MariaDbServer server) {
		super(server);
	}

	/**
	 * Starts a server with 100 connections.
	 * @return the ground
	 */
	public static MariaDbGround start() {
		return start((builder) -> builder);
	}

	/**
	 * Starts a server.
	 * @param settings the server's settings
	 * @return the ground
	 */
	public static MariaDbGround start(UnaryOperator<MariaDbServer.Builder> settings) {
		MariaDbGround ground = new MariaDbGround(settings
			.apply(MariaDbServer.builder().maxConnections(100).setting("bind_address", "127.0.0.1," + OBSERVERS))
			.start());
		ground.execute("CREATE USER app IDENTIFIED BY 'app'");
		ground.execute("GRANT ALL ON test.* TO app");
		ground.execute("CREATE TABLE item (id int PRIMARY KEY, name text)");
		ground.execute("INSERT INTO item SELECT seq, repeat('x', 200) FROM seq_1_to_1000");
		return ground;
	}

	@Override
	public String server() {
		return "MariaDB";
	}

	@Override
	String url(String host, int port) {
		return "jdbc:mariadb://" + host + ":" + port + "/test";
	}

	@Override
	String administrator() {
		return "root";
	}

	@Override
	String countSessions() {
		return "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER LIKE 'app%'";
	}

	@Override
	public String sleep(double seconds) {
		return "SELECT SLEEP(" + seconds + ")";
	}

	@Override
	public int terminate(int most) {
		int count = 0;
		for (long session : numbers("SELECT ID FROM information_schema.PROCESSLIST WHERE USER LIKE 'app%'"
				+ " ORDER BY ID DESC LIMIT " + most)) {
			try {
				execute("KILL " + session);
				count++;
			}
			catch (IllegalStateException ex) {
				if (!(ex.getCause() instanceof SQLException cause) || cause.getErrorCode() != NO_SUCH_THREAD) {
					throw ex;
				}
			}
		}
		return count;
	}

}
