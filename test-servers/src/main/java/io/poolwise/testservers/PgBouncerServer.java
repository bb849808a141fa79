package io.poolwise.testservers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A PgBouncer, a pooler in front of one PostgreSQL server. It lets every role in that the
 * server lets in, and serves every database of the server by its name.
 */
public final class PgBouncerServer extends ProcessServer {

	private PgBouncerServer(ServerProcess process, int port) {
		super(process, port, "INT", "KILL");
	}

	/**
	 * Starts to describe a pooler.
	 * @param target the server behind it
	 * @return a builder with PgBouncer's own default settings
	 */
	public static Builder builder(PostgresServer target) {
		return new Builder(target);
	}

	/**
	 * The address of the database {@code postgres} for JDBC.
	 * @return the URL, without user or password
	 */
	public String jdbcUrl() {
		return jdbcUrl("postgres");
	}

	/**
	 * The address of a database for JDBC.
	 * @param database the database's name; {@code pgbouncer} is the pooler's own console
	 * @return the URL, without user or password
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged("process up");
	}

	/**
	 * Describes a PgBouncer and starts it.
	 */
	public static final class Builder {

		private final PostgresServer target;

		private final Map<String, String> settings = new TreeMap<>();

		private int port;

		private Builder(PostgresServer target) {
			this.target = target;
			this.settings.put("pool_mode", "session");
			// pgjdbc sends it in every start-up packet
			this.settings.put("ignore_startup_parameters", "extra_float_digits");
		}

		/**
		 * Fixes the port.
		 * @param port a free port, or 0 (the default) for any
		 * @return this builder
		 */
		public Builder port(int port) {
			this.port = port;
			return this;
		}

		/**
		 * Sets when a server connection is given to another client.
		 * @param poolMode {@code session} (the default), {@code transaction} or
		 * {@code statement}
		 * @return this builder
		 */
		public Builder poolMode(String poolMode) {
			return setting("pool_mode", poolMode);
		}

		/**
		 * Sets how many server connections a user and database may use.
		 * @param poolSize {@code default_pool_size}
		 * @return this builder
		 */
		public Builder poolSize(int poolSize) {
			return setting("default_pool_size", Integer.toString(poolSize));
		}

		/**
		 * Sets how many clients may be connected.
		 * @param maxClients {@code max_client_conn}
		 * @return this builder
		 */
		public Builder maxClients(int maxClients) {
			return setting("max_client_conn", Integer.toString(maxClients));
		}

		/**
		 * Sets any key of the section {@code [pgbouncer]}.
		 * @param name the key
		 * @param value its value
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.put(name, value);
			return this;
		}

		/**
		 * Starts the pooler.
		 * @return the pooler, which accepts connections
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong setting
		 * @throws ServerMissingException if PgBouncer isn't on this machine
		 */
		public PgBouncerServer start() {
			NativeProgram program = NativeProgram.find("pgbouncer", "usr/sbin/pgbouncer");
			return ServerHome.create("pgbouncer", (home) -> {
				String users = home
					.write("users.txt", List.of(quote(this.target.username()) + " " + quote(this.target.password())))
					.toString();
				return LoopbackPorts.start(this.port, (port) -> {
					String file = home.write("pgbouncer.ini", lines(users, port)).toString();
					PgBouncerServer server = new PgBouncerServer(
							home.process("PgBouncer", List.of(program.file().toString(), file), program.environment()),
							port);
					server.start();
					return server;
				});
			});
		}

		private List<String> lines(String users, int port) {
			List<String> lines = new ArrayList<>();
			lines.add("[databases]");
			lines.add("* = host=" + this.target.host() + " port=" + this.target.port() + " auth_user="
					+ this.target.username());
			lines.add("[pgbouncer]");
			lines.add("listen_addr = 127.0.0.1");
			lines.add("listen_port = " + port);
			lines.add("unix_socket_dir =");
			lines.add("auth_type = scram-sha-256");
			lines.add("auth_file = " + users);
			lines.add("auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1");
			lines.add("admin_users = " + this.target.username());
			this.settings.forEach((name, value) -> lines.add(name + " = " + value));
			return lines;
		}

		private static String quote(String value) {
			return "\"" + value + "\"";
		}

	}

}
