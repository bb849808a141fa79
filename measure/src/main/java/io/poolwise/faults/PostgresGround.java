package io.poolwise.faults;

import java.util.List;
import java.util.function.UnaryOperator;

import io.poolwise.testservers.PostgresServer;

/**
 * A PostgreSQL server.
 */
public final class PostgresGround extends DatabaseGround {

	private final PostgresServer postgres;

	private PostgresGround(PostgresServer server) {
		super(server);
		this.postgres = server;
	}

	/**
	 * Starts a server with 100 connections.
	 * @return the ground
	 */
	public static PostgresGround start() {
		return start((builder) -> builder);
	}

	/**
	 * Starts a server.
	 * @param settings the server's settings
	 * @return the ground
	 */
	public static PostgresGround start(UnaryOperator<PostgresServer.Builder> settings) {
		PostgresGround ground = new PostgresGround(settings
			.apply(PostgresServer.builder().maxConnections(100).setting("listen_addresses", "127.0.0.1," + OBSERVERS))
			.start());
		ground.execute("CREATE ROLE app LOGIN PASSWORD 'app'");
		ground.execute("CREATE TABLE item (id int PRIMARY KEY, name text)");
		ground.execute("INSERT INTO item SELECT n, repeat('x', 200) FROM generate_series(1, 1000) n");
		ground.execute("GRANT ALL ON item TO app");
		return ground;
	}

	/**
	 * Changes a setting of the running server, for sessions that begin later.
	 * @param name the setting's name
	 * @param value its value
	 */
	public void set(String name, String value) {
		execute("ALTER SYSTEM SET " + name + " = '" + value + "'");
		execute("SELECT pg_reload_conf()");
	}

	/**
	 * The server.
	 * @return the server with what only PostgreSQL can
	 */
	public PostgresServer postgres() {
		return this.postgres;
	}

	/**
	 * The ports of clients of pools.
	 * @param most how many at most
	 * @return ports on loopback
	 */
	public List<Integer> clients(int most) {
		String sql = "SELECT client_port FROM pg_stat_activity WHERE usename LIKE 'app%'"
				+ " AND application_name NOT LIKE 'poolwise%' ORDER BY backend_start LIMIT " + most;
		return numbers(sql).stream().map(Long::intValue).toList();
	}

	@Override
	public String server() {
		return "PostgreSQL";
	}

	@Override
	String url(String host, int port) {
		return "jdbc:postgresql://" + host + ":" + port + "/postgres";
	}

	@Override
	String administrator() {
		return this.postgres.username();
	}

	@Override
	String countSessions() {
		return "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> 'postgres'";
	}

	@Override
	public String sleep(double seconds) {
		return "SELECT pg_sleep(" + seconds + ")";
	}

	@Override
	public int terminate(int most) {
		return (int) number("SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
				+ " WHERE usename LIKE 'app%' ORDER BY backend_start DESC LIMIT " + most + ") newest");
	}

}
