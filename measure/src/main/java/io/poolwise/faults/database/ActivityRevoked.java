package io.poolwise.faults.database;

import org.jspecify.annotations.Nullable;

/**
 * Pg_stat_activity revoked from PUBLIC.
 */
final class ActivityRevoked extends RightsRevoked {

	ActivityRevoked() {
		super("pg_stat_activity revoked from PUBLIC", false, "REVOKE ALL ON pg_stat_activity FROM PUBLIC");
	}

	@Override
	public @Nullable String knownCause() {
		return "no leases without these rights, and no way back to another mode";
	}

}
