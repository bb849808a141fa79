package io.poolwise.pool.hikari;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What each new session of a pool is given.
 *
 * @param commandTimeout how long a statement may run, {@code null} for the server's own
 * bound
 * @param commandTimeoutExplicit whether somebody asked for it; if not, a bound that the
 * role, the database or the connection brings along is kept
 * @param initSql a statement to run; {@code null} for the UTC time zone in the server's
 * dialect, empty for none
 */
public record SessionDefaults(@Nullable Duration commandTimeout, boolean commandTimeoutExplicit,
		@Nullable String initSql) {

	/**
	 * Nothing at all.
	 */
	public static final SessionDefaults NONE = new SessionDefaults(null, false, "");

}
