package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A MariaDB server.
 * <p>
 * It has the database {@code test} and the user {@code root} with the password
 * {@code root}, who may use one connection above {@code max_connections}. Writes are not
 * flushed to disk: they survive {@link #kill()}, not a power cut.
 */
public final class MariaDbServer extends ProcessServer {

	private static final String SUPERUSER = "root";

	private static final Duration BOOTSTRAP_PATIENCE = Duration.ofSeconds(60);

	private MariaDbServer(ServerProcess process, int port) {
		super(process, port, "TERM", "KILL");
	}

	/**
	 * Starts to describe a server.
	 * @return a builder with MariaDB's own default settings
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The address of the database {@code test} for JDBC.
	 * @return the URL, without user or password
	 */
	public String jdbcUrl() {
		return jdbcUrl("test");
	}

	/**
	 * The address of a database for JDBC.
	 * @param database the database's name
	 * @return the URL, without user or password
	 */
	public String jdbcUrl(String database) {
		return "jdbc:mariadb://" + host() + ":" + port() + "/" + database;
	}

	/**
	 * The superuser's name.
	 * @return the user to log in with
	 */
	public String username() {
		return SUPERUSER;
	}

	/**
	 * The superuser's password.
	 * @return the password of {@link #username()}
	 */
	public String password() {
		return SUPERUSER;
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged("ready for connections");
	}

	/**
	 * Describes a MariaDB server and starts it.
	 */
	public static final class Builder {

		/** The scripts that {@code mariadb-install-db} runs, in its order. */
		private static final List<String> SYSTEM_SCRIPTS = List.of("mysql_system_tables.sql",
				"mysql_performance_tables.sql", "mysql_system_tables_data.sql", "maria_add_gis_sp_bootstrap.sql",
				"mysql_sys_schema.sql");

		private final Map<String, String> settings = new LinkedHashMap<>();

		private int port;

		private Builder() {
			this.settings.put("bind_address", "127.0.0.1");
			this.settings.put("skip_name_resolve", "ON");
			this.settings.put("innodb_flush_log_at_trx_commit", "2");
			this.settings.put("innodb_log_file_size", "16M");
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
		 * Sets how many connections the server grants to ordinary users.
		 * @param maxConnections {@code max_connections}, at least 10
		 * @return this builder
		 */
		public Builder maxConnections(int maxConnections) {
			return setting("max_connections", Integer.toString(maxConnections));
		}

		/**
		 * Sets any system variable that can be given on the command line.
		 * @param name the variable's name
		 * @param value its value
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.put(name, value);
			return this;
		}

		/**
		 * Starts the server.
		 * @return the server, which accepts connections
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong setting
		 * @throws ServerMissingException if MariaDB isn't on this machine
		 */
		public MariaDbServer start() {
			NativeProgram program = NativeProgram.find("mariadb", "usr/sbin/mariadbd");
			return ServerHome.create("mariadb", (home) -> {
				initialize(program, home);
				return LoopbackPorts.start(this.port, (port) -> {
					List<String> command = command(program, home);
					command.add("--port=" + port);
					this.settings.forEach((name, value) -> command.add("--" + name + "=" + value));
					MariaDbServer server = new MariaDbServer(home.process("MariaDB", command, program.environment()),
							port);
					server.start();
					return server;
				});
			});
		}

		private static List<String> command(NativeProgram program, ServerHome home) {
			List<String> command = new ArrayList<>();
			// a starting server removes the temporary tables of all others in a shared
			// folder
			command.addAll(List.of(program.file().toString(), "--no-defaults", "--datadir=" + home.path("data"),
					"--tmpdir=" + home.directory(), "--lc-messages-dir=" + share(program), "--socket=socket",
					"--pid-file=mariadb.pid", "--skip-log-bin"));
			return command;
		}

		private static Path share(NativeProgram program) {
			Path share = program.file().resolveSibling("../share").normalize();
			return Files.isDirectory(share.resolve("mysql")) ? share.resolve("mysql") : share.resolve("mariadb");
		}

		private static void initialize(NativeProgram program, ServerHome home) {
			List<String> lines = new ArrayList<>(
					List.of("CREATE DATABASE mysql;", "USE mysql;", "SET @auth_root_socket = NULL;"));
			try {
				for (String script : SYSTEM_SCRIPTS) {
					lines.addAll(Files.readAllLines(share(program).resolve(script)));
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			lines.addAll(List.of("DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';", "FLUSH PRIVILEGES;",
					"CREATE USER '" + SUPERUSER + "'@'%' IDENTIFIED BY '" + SUPERUSER + "';",
					"GRANT ALL ON *.* TO '" + SUPERUSER + "'@'%' WITH GRANT OPTION;", "CREATE DATABASE test;"));
			home.folder("data");
			home.write("bootstrap.sql", lines);
			List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <bootstrap.sql", "sh"));
			command.addAll(command(program, home));
			command.addAll(List.of("--bootstrap", "--innodb_log_file_size=16M"));
			home.process("Bootstrap of MariaDB", command, program.environment()).run(BOOTSTRAP_PATIENCE);
		}

	}

}
