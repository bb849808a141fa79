package io.poolwise.faults.database;

import org.jspecify.annotations.Nullable;

/**
 * Pg_locks and pg_stat_activity revoked while running, 3 sessions end.
 */
final class LocksRevokedWhileRunning extends RightsRevoked {

	LocksRevokedWhileRunning() {
		super("pg_locks and pg_stat_activity revoked while running, 3 sessions end", true,
				"REVOKE ALL ON pg_locks FROM PUBLIC", "REVOKE ALL ON pg_stat_activity FROM PUBLIC");
	}

	@Override
	public @Nullable String knownCause() {
		return "no leases without these rights, and no way back to another mode";
	}

}
