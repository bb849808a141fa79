package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Stream;

import io.poolwise.autoconfigure.PoolProperties.Leases;
import io.poolwise.lease.LeaseSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What the keys say of leases.
 *
 * @param required whether the start stops where they are impossible
 * @param namespace what the fleet calls itself
 * @param seats connections kept free for instances that join
 * @param pollInterval how often to look at the fleet
 * @param url the coordination database, {@code null} for the pool's own
 * @param username the role there, {@code null} for none
 * @param password its password, {@code null} for none
 */
record LeaseOptions(boolean required, String namespace, int seats, Duration pollInterval, @Nullable String url,
		@Nullable String username, @Nullable String password) {

	private static final Duration LEAST_POLL = Duration.ofMillis(100);

	static LeaseOptions of(PoolKeys keys, Leases leases) {
		String namespace = leases.namespace();
		check("pool.leases.namespace", namespace, namespace.matches("[\\w.:-]{1,64}"),
				"A namespace has 1 to 64 letters, digits, '_', '-', '.' or ':'.");
		check("pool.leases.seats", leases.seats(), leases.seats() >= 1 && leases.seats() <= 100,
				"There are 1 to 100 seats; without one, no instance could join.");
		check("pool.leases.poll-interval", leases.pollInterval(), leases.pollInterval().compareTo(LEAST_POLL) >= 0,
				"The least is 100ms: every instance asks the server that often.");
		return new LeaseOptions(leases.mode() == Leases.Mode.ON, namespace, leases.seats(), leases.pollInterval(),
				keys.secret(LeaseUrl.KEY).filter((text) -> !text.isBlank()).map(LeaseUrl::checked).orElse(null),
				leases.username(), keys.secret("pool.leases.password").orElse(null));
	}

	private static void check(String key, Object value, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(key, value, reason);
		}
	}

	/**
	 * Opens a connection for a coordinator.
	 * @param pool opens one as the pool does
	 */
	Connection connect(Connector pool) throws SQLException {
		if (this.url == null) {
			return pool.connect();
		}
		Properties login = new Properties();
		if (this.username != null) {
			login.setProperty("user", this.username);
		}
		if (this.password != null) {
			login.setProperty("password", this.password);
		}
		try {
			return DriverManager.getConnection(this.url, login);
		}
		catch (SQLException ex) {
			throw withoutSecrets(ex, this.url);
		}
	}

	/**
	 * Drivers may quote what they were given.
	 */
	private SQLException withoutSecrets(SQLException failure, String url) {
		boolean quoted = false;
		for (Throwable each = failure; each != null; each = each.getCause()) {
			String message = String.valueOf(each.getMessage());
			quoted |= Stream.of(url, this.password, LeaseUrl.options(url))
				.anyMatch((secret) -> secret != null && !secret.isEmpty() && message.contains(secret));
		}
		return quoted ? new SQLException(
				"The driver's message is not shown, since it quotes " + LeaseUrl.KEY + " or the password for it",
				failure.getSQLState(), failure.getErrorCode()) : failure;
	}

	/**
	 * Without what may be secret.
	 */
	@Override
	public String toString() {
		return "LeaseOptions[required=" + this.required + ", namespace=" + this.namespace + ", seats=" + this.seats
				+ ", pollInterval=" + this.pollInterval + "]";
	}

	/**
	 * The numbers of one member that has no pools yet.
	 * @param member its number
	 * @param authenticationTimeout how long the server lets a session take to log in
	 */
	LeaseSettings settings(long member, Duration authenticationTimeout) {
		LeaseSettings usual = LeaseSettings.defaults(member, 0);
		return new LeaseSettings(member, this.seats, usual.connects(), usual.minimumSize(),
				authenticationTimeout.plusSeconds(5), this.pollInterval, usual.auditInterval(), usual.settleInterval(),
				usual.announceInterval(), usual.joinPatience(), usual.backoff(), usual.stuckAfter());
	}

	/**
	 * Opens a connection as a pool does, beside it.
	 */
	interface Connector {

		Connection connect() throws SQLException;

	}

}
