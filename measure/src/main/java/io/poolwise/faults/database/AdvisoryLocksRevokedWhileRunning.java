package io.poolwise.faults.database;

/**
 * Pg_try_advisory_lock revoked while running, 3 sessions end.
 */
final class AdvisoryLocksRevokedWhileRunning extends RightsRevoked {

	AdvisoryLocksRevokedWhileRunning() {
		super("pg_try_advisory_lock revoked while running, 3 sessions end", true,
				"REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC",
				"REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) FROM PUBLIC");
	}

}
