package io.poolwise.faults.database;

/**
 * Pg_locks revoked from PUBLIC.
 */
final class LocksRevoked extends RightsRevoked {

	LocksRevoked() {
		super("pg_locks revoked from PUBLIC", false, "REVOKE ALL ON pg_locks FROM PUBLIC");
	}

}
