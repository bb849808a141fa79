package io.poolwise.testservers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A Redis server. Its data survives {@link #stop()} and {@link #kill()}.
 */
public final class RedisServer extends ProcessServer {

	private final @Nullable String password;

	private final @Nullable Path certificate;

	private final String readyLine;

	private RedisServer(ServerProcess process, int port, @Nullable String password, @Nullable Path certificate,
			String readyLine) {
		super(process, port, "TERM", "KILL");
		this.password = password;
		this.certificate = certificate;
		this.readyLine = readyLine;
	}

	/**
	 * Starts to describe a server.
	 * @return a builder with Redis' own default settings
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The password of the default user.
	 * @return the password, or {@code null} if there is none
	 */
	public @Nullable String password() {
		return this.password;
	}

	/**
	 * The certificate that a TLS client has to trust, for {@code localhost} and
	 * {@code 127.0.0.1}.
	 * @return a PEM file, or {@code null} if the server was built without
	 * {@link Builder#tls()}
	 */
	public @Nullable Path certificate() {
		return this.certificate;
	}

	@Override
	boolean isReady(ServerProcess process) {
		return process.hasLogged(this.readyLine);
	}

	/**
	 * Describes a Redis server and starts it.
	 */
	public static final class Builder {

		private final List<String> settings = new ArrayList<>();

		private final Map<String, List<String>> files = new LinkedHashMap<>();

		private int port;

		private @Nullable String password;

		private boolean tls;

		private boolean sentinel;

		private Builder() {
			setting("bind", "127.0.0.1");
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
		 * Sets how many clients may be connected at once.
		 * @param maxClients at least 1
		 * @return this builder
		 */
		public Builder maxClients(int maxClients) {
			return setting("maxclients", Integer.toString(maxClients));
		}

		/**
		 * Makes the default user give a password.
		 * @param password a password without spaces
		 * @return this builder
		 */
		public Builder password(String password) {
			this.password = password;
			return setting("requirepass", password);
		}

		/**
		 * Adds an enabled user of the access control list.
		 * @param name the user's name
		 * @param password the user's password, without spaces
		 * @param rules what the user may do, for instance
		 * {@code "~* &* +@all -@dangerous"}
		 * @return this builder
		 */
		public Builder user(String name, String password, String rules) {
			return setting("user", name + " on >" + password + " " + rules);
		}

		/**
		 * Makes the server accept TLS connections and no others. Clients needn't show a
		 * certificate.
		 * @return this builder
		 */
		public Builder tls() {
			this.tls = true;
			return this;
		}

		/**
		 * Makes the server a replica of another one.
		 * @param primary a running server without a password
		 * @return this builder
		 */
		public Builder replicaOf(RedisServer primary) {
			return setting("replicaof", primary.host() + " " + primary.port());
		}

		/**
		 * Adds a line to {@code redis.conf}.
		 * @param name the directive's name
		 * @param value its arguments, quoted as in that file
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.add(name + " " + value);
			return this;
		}

		/**
		 * Starts the server.
		 * @return the server, which accepts connections
		 * @throws ServerStartException if it doesn't come up, for instance because of a
		 * wrong setting
		 */
		public RedisServer start() {
			Path program = RedisInstallation.find().program();
			return ServerHome.create(this.sentinel ? "redis-sentinel" : "redis",
					(home) -> LoopbackPorts.start(this.port, (port) -> start(program, home, port)));
		}

		/**
		 * Makes the server a Sentinel.
		 * @return this builder
		 */
		Builder sentinel() {
			this.sentinel = true;
			return this;
		}

		/**
		 * Adds a file to the server's working directory.
		 * @param name the file's name
		 * @param lines its content
		 * @return this builder
		 */
		Builder file(String name, List<String> lines) {
			this.files.put(name, List.copyOf(lines));
			return this;
		}

		private RedisServer start(Path program, ServerHome home, int port) {
			this.files.forEach(home::write);
			List<String> lines = new ArrayList<>();
			if (!this.sentinel) {
				lines.addAll(List.of("save \"\"", "appendonly yes", "appendfsync no"));
			}
			lines.addAll(this.settings);
			TlsCertificate certificate = this.tls ? TlsCertificate.create(home) : null;
			if (certificate != null) {
				lines.addAll(List.of("port 0", "tls-port " + port, "tls-auth-clients no", "tls-replication yes",
						"tls-cert-file " + certificate.certificate(), "tls-key-file " + certificate.key(),
						"tls-ca-cert-file " + certificate.certificate()));
			}
			else {
				lines.add("port " + port);
			}
			List<String> command = new ArrayList<>(
					List.of(program.toString(), home.write("redis.conf", lines).toString()));
			if (this.sentinel) {
				command.add("--sentinel");
			}
			RedisServer server = new RedisServer(home.process("Redis", command, Map.of()), port, this.password,
					(certificate != null) ? certificate.certificate() : null,
					this.sentinel ? "Sentinel ID is" : "Ready to accept connections");
			server.start();
			return server;
		}

	}

}
