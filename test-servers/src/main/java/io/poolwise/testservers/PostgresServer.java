package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server.
 * <p>
 * It has the database {@code postgres} and the superuser {@code postgres} with the
 * password {@code postgres}. Every role must give its password, so that tests can make
 * limited ones. Writes are not flushed to disk: they survive {@link #kill()}, not a power
 * cut.
 */
public final class PostgresServer extends ProcessServer {

	private static final String SUPERUSER = "postgres";

	private static final String DATA = "data";

	private static final Duration INITDB_PATIENCE = Duration.ofSeconds(60);

	private final PostgresInstallation installation;

	private final ServerHome home;

	private final Map<String, String> settings;

	private PostgresServer(PostgresInstallation installation, ServerHome home, Map<String, String> settings, int port) {
		super(process(installation, home, settings, port), port, "INT", "QUIT");
		this.installation = installation;
		this.home = home;
		this.settings = Map.copyOf(settings);
	}

	private static PostgresServer start(PostgresInstallation installation, ServerHome home,
			Map<String, String> settings, int port) {
		return LoopbackPorts.start(port, (candidate) -> {
			PostgresServer server = new PostgresServer(installation, home, settings, candidate);
			server.start();
			return server;
		});
	}

	private static ServerProcess process(PostgresInstallation installation, ServerHome home,
			Map<String, String> settings, int port) {
		List<String> command = new ArrayList<>();
		command.add(installation.bin("postgres").toString());
		command.addAll(List.of("-D", home.path(DATA).toString()));
		settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
		command.addAll(List.of("-c", "port=" + port));
		return home.process("PostgreSQL", command, Map.of());
	}

	/**
	 * Starts to describe a server.
	 * @return a builder with PostgreSQL's own default settings
	 */
	public static Builder builder() {
		return new Builder();
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
	 * @param database the database's name
	 * @return the URL, without user or password
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
	}

	/**
	 * The superuser's name.
	 * @return the role to log in with
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

	/**
	 * Starts a hot standby that follows this server by streaming replication. It has the
	 * same settings, roles and data. It needs the PostgreSQL JDBC driver on the class
	 * path.
	 * @return the standby, which accepts connections that only read
	 * @throws ServerStartException if it can't be made, for instance because this server
	 * doesn't run
	 */
	public PostgresServer startStandby() {
		return ServerHome.create("postgres-standby", (standby) -> {
			try (Connection connection = connect()) {
				PostgresBackup.copy(connection, this.home.path(DATA), standby.folder(DATA));
				String primary = "host=%s port=%d user=%s password=%s application_name=standby".formatted(host(),
						port(), username(), password());
				standby.write(DATA + "/standby.signal", List.of());
				standby.write(DATA + "/postgresql.auto.conf", List.of("primary_conninfo = '" + primary + "'"));
				standby.user().own(standby.directory());
			}
			catch (IOException | SQLException ex) {
				throw new ServerStartException("Can't copy PostgreSQL on port " + port() + ": " + ex.getMessage(), ex);
			}
			return start(this.installation, standby, this.settings, 0);
		});
	}

	/**
	 * Makes a standby a primary, and returns when it is one. It needs the PostgreSQL JDBC
	 * driver on the class path.
	 * @throws IllegalStateException if this isn't a standby, or doesn't become a primary
	 */
	public void promote() {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_promote(true, 60)");
			try (ResultSet rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
				if (!rows.next() || rows.getBoolean(1)) {
					throw new IllegalStateException("PostgreSQL on port " + port() + " is still a standby");
				}
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Can't promote PostgreSQL on port " + port() + ": " + ex.getMessage(), ex);
		}
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(jdbcUrl(), username(), password());
	}

	/**
	 * Asks as {@code pg_ctl} does: the eighth line of the server's lock file. No
	 * connection is used up.
	 * @param process the server's process
	 * @return whether connections are accepted
	 */
	@Override
	boolean isReady(ServerProcess process) {
		try {
			List<String> lines = Files.readAllLines(process.directory().resolve(DATA + "/postmaster.pid"));
			return lines.size() >= 8 && lines.get(7).strip().equals("ready");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Describes a PostgreSQL server and starts it.
	 */
	public static final class Builder {

		private final Map<String, String> settings = new LinkedHashMap<>();

		private int version = PostgresInstallation.ON_CLASSPATH;

		private int port;

		private boolean tls;

		private Builder() {
			this.settings.put("listen_addresses", "127.0.0.1");
			this.settings.put("unix_socket_directories", "");
			this.settings.put("fsync", "off");
			this.settings.put("full_page_writes", "off");
			// so that a standby that was away for a while finds what it has missed
			this.settings.put("wal_keep_size", "256MB");
		}

		/**
		 * Chooses the major version.
		 * @param version 18 (the default), 16 or 15
		 * @return this builder
		 */
		public Builder version(int version) {
			this.version = version;
			return this;
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
		 * Sets how many connections the server grants, those reserved for superusers
		 * included.
		 * @param maxConnections {@code max_connections}
		 * @return this builder
		 */
		public Builder maxConnections(int maxConnections) {
			return setting("max_connections", Integer.toString(maxConnections));
		}

		/**
		 * Sets any parameter of the server, as in {@code postgresql.conf}.
		 * @param name the parameter's name
		 * @param value its value, without quotes
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.put(name, value);
			return this;
		}

		/**
		 * Makes the server accept TLS connections too, with a self-signed certificate.
		 * @return this builder
		 */
		public Builder tls() {
			this.tls = true;
			return this;
		}

		/**
		 * Starts the server.
		 * @return the server, which accepts connections
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong setting
		 * @throws ServerMissingException if the version isn't on this machine
		 */
		public PostgresServer start() {
			PostgresInstallation installation = PostgresInstallation.of(this.version);
			return ServerHome.create("postgres-" + this.version, (home) -> {
				initialize(installation, home);
				Map<String, String> all = new LinkedHashMap<>(this.settings);
				if (this.tls) {
					all.putAll(encrypt(home));
				}
				return PostgresServer.start(installation, home, all, this.port);
			});
		}

		private static Map<String, String> encrypt(ServerHome home) {
			TlsCertificate certificate = TlsCertificate.create(home);
			try {
				// PostgreSQL takes no key that others may read
				Files.setPosixFilePermissions(certificate.key(), PosixFilePermissions.fromString("rw-------"));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return Map.of("ssl", "on", "ssl_cert_file", certificate.certificate().toString(), "ssl_key_file",
					certificate.key().toString());
		}

		private static void initialize(PostgresInstallation installation, ServerHome home) {
			Path password = home.write("password", List.of(SUPERUSER));
			List<String> command = List.of(installation.bin("initdb").toString(), "-D", home.path(DATA).toString(),
					"-U", SUPERUSER, "--pwfile=" + password, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C",
					"--no-sync");
			home.process("initdb of PostgreSQL", command, Map.of()).run(INITDB_PATIENCE);
		}

	}

}
