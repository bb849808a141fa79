package io.poolwise.faults.database;

/**
 * Pg_locks and pg_stat_activity revoked while running, 3 sessions end.
 */
final class LocksRevokedWhileRunning extends RightsRevoked {

	LocksRevokedWhileRunning() {
		super("pg_locks and pg_stat_activity revoked while running, 3 sessions end", true,
				"REVOKE ALL ON pg_locks FROM PUBLIC", "REVOKE ALL ON pg_stat_activity FROM PUBLIC");
	}

}
