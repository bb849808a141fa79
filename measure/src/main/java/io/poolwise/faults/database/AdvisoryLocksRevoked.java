package io.poolwise.faults.database;

/**
 * Pg_try_advisory_lock revoked from PUBLIC.
 */
final class AdvisoryLocksRevoked extends RightsRevoked {

	AdvisoryLocksRevoked() {
		super("pg_try_advisory_lock revoked from PUBLIC", false,
				"REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC",
				"REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) FROM PUBLIC");
	}

}
