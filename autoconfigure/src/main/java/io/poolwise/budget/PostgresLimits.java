package io.poolwise.budget;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a PostgreSQL server says about its connections, as one role in one database sees
 * it.
 *
 * @param version the server's version as it names it, such as {@code 18.6}
 * @param maxConnections {@code max_connections}, at least 1
 * @param superuserReserved {@code superuser_reserved_connections}, 0 or more
 * @param reservedConnections {@code reserved_connections}, 0 or more; null where the
 * server doesn't have it (before PostgreSQL 16)
 * @param roleMayUseReserved whether the role is allowed to use the reserved connections
 * (a member of {@code pg_use_reserved_connections})
 * @param roleLimit {@code rolconnlimit} of the role; negative for none
 * @param databaseLimit {@code datconnlimit} of the database; negative for none
 */
public record PostgresLimits(String version, int maxConnections, int superuserReserved,
		@Nullable Integer reservedConnections, boolean roleMayUseReserved, int roleLimit, int databaseLimit) {

	public PostgresLimits {
		Numbers.requireAtLeast(1, maxConnections, "max_connections");
		Numbers.requireAtLeast(0, superuserReserved, "superuser_reserved_connections");
		if (reservedConnections != null) {
			Numbers.requireAtLeast(0, reservedConnections, "reserved_connections");
		}
	}

	/**
	 * Returns what the server grants the role: the least of {@code max_connections} less
	 * the reserved connections that the role may not use, the role's limit, and the
	 * database's limit.
	 * <p>
	 * Example: {@code max_connections} 100 less 3 for superusers is 97.
	 * @return the limit with its reasons; 0 connections if the reserved ones are as many
	 * as all, or a limit is 0
	 */
	public ServerLimit toLimit() {
		List<String> reasons = new ArrayList<>();
		int reserved = (this.reservedConnections != null) ? this.reservedConnections : 0;
		long granted = (long) this.maxConnections - this.superuserReserved;
		StringBuilder sum = new StringBuilder("PostgreSQL ").append(this.version)
			.append(": max_connections ")
			.append(this.maxConnections)
			.append(" - ")
			.append(this.superuserReserved)
			.append(" reserved for superusers");
		if (reserved > 0 && !this.roleMayUseReserved) {
			granted -= reserved;
			sum.append(" - ").append(reserved).append(" reserved_connections that this role may not use");
		}
		granted = Math.max(0, granted);
		reasons.add(sum.append(" = ").append(granted).toString());
		if (reserved > 0 && this.roleMayUseReserved) {
			reasons.add("this role may use the " + reserved + " reserved_connections");
		}
		int server = (int) granted;
		granted = lower(granted, this.roleLimit, "the role's connection limit (rolconnlimit)", reasons);
		lower(granted, this.databaseLimit, "the database's connection limit (datconnlimit)", reasons);
		return ServerLimit.ofServer(new LimitBounds(server, bound(this.databaseLimit), bound(this.roleLimit)), reasons);
	}

	private static int bound(int limit) {
		return (limit < 0) ? LimitBounds.NONE : limit;
	}

	private static long lower(long granted, int limit, String name, List<String> reasons) {
		if (limit < 0) {
			return granted;
		}
		reasons.add(name + " is " + limit
				+ ((limit < granted) ? ", lower than " + granted + ": it decides" : ", not lower than " + granted));
		return Math.min(granted, limit);
	}

}
