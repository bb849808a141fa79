package io.poolwise.faults.database;

/**
 * Pg_stat_activity revoked from PUBLIC.
 */
final class ActivityRevoked extends RightsRevoked {

	ActivityRevoked() {
		super("pg_stat_activity revoked from PUBLIC", false, "REVOKE ALL ON pg_stat_activity FROM PUBLIC");
	}

}
