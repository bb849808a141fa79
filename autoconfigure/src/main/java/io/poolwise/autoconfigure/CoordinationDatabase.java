package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

import io.poolwise.fleet.LeaseOptions;
import io.poolwise.pool.hikari.DriverTimeouts;
import org.jspecify.annotations.Nullable;

/**
 * The one database in which the pools of several coordinate, {@code pool.leases.url}.
 *
 * @param url its JDBC URL
 * @param username the role there, {@code null} for none
 * @param password its password, {@code null} for none
 */
record CoordinationDatabase(String url, @Nullable String username,
		@Nullable String password) implements LeaseOptions.Coordination {

	@Override
	public Connection connect(LeaseOptions.Connector pool) throws SQLException {
		Properties login = new Properties();
		if (this.username != null) {
			login.setProperty("user", this.username);
		}
		if (this.password != null) {
			login.setProperty("password", this.password);
		}
		try {
			return DriverManager.getConnection(this.url,
					Objects.requireNonNullElse(DriverTimeouts.COORDINATOR.within(this.url, login), login));
		}
		catch (SQLException ex) {
			throw withoutSecrets(ex);
		}
	}

	/**
	 * Drivers may quote what they were given.
	 */
	private SQLException withoutSecrets(SQLException failure) {
		boolean quoted = false;
		for (Throwable each = failure; each != null; each = each.getCause()) {
			String message = String.valueOf(each.getMessage());
			quoted |= Stream.of(this.url, this.password, LeaseUrl.options(this.url))
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
		return "CoordinationDatabase[" + LeaseUrl.KEY + "]";
	}

}
