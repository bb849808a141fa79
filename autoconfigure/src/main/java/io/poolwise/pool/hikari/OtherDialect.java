package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A database that has no connection limit, or none that is known here.
 *
 * @param product what it calls itself
 */
record OtherDialect(String product) implements DatabaseDialect {

	// "//", then maybe a user and a password, then host and port
	private static final Pattern ADDRESS = Pattern.compile("//(?:[^/?;]*@)?([^/?;:@]+(?::\\d+)?)(?:[/?;:].*)?");

	private static final Pattern SETTINGS = Pattern.compile("[?;&].*");

	// has "user/password@" before the address, without "//"
	private static final String ORACLE = "jdbc:oracle:";

	@Override
	public DatabaseReading read(Connection session) throws SQLException {
		ServerIdentity identity = identity(this.product, session.getMetaData().getURL());
		return new DatabaseReading(this, new LimitReading.Unlimited(identity, this.product), false);
	}

	/**
	 * Names the server: by host and port, else by the address without its settings and
	 * credentials.
	 * @param product what the server calls itself
	 * @param url what the driver says it is connected to, {@code null} if it doesn't
	 * @return the identity, without a secret
	 */
	static ServerIdentity identity(String product, @Nullable String url) {
		if (url == null) {
			return new ServerIdentity(product);
		}
		String place = url.startsWith(ORACLE) ? url.substring(url.lastIndexOf('@') + 1)
				: SETTINGS.matcher(url).replaceFirst("");
		Matcher address = ADDRESS.matcher(place);
		return new ServerIdentity(product + " " + (address.find() ? address.group(1).toLowerCase(Locale.ROOT) : place));
	}

	@Override
	public @Nullable String utcStatement() {
		return null;
	}

	@Override
	public @Nullable String commandTimeoutStatement(Duration timeout) {
		return null;
	}

}
