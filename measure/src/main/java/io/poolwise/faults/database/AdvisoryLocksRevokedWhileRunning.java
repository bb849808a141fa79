package io.poolwise.faults.database;

import org.jspecify.annotations.Nullable;

/**
 * Pg_try_advisory_lock revoked while running, 3 sessions end.
 */
final class AdvisoryLocksRevokedWhileRunning extends RightsRevoked {

	AdvisoryLocksRevokedWhileRunning() {
		super("pg_try_advisory_lock revoked while running, 3 sessions end", true,
				"REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) FROM PUBLIC",
				"REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock(int, int) FROM PUBLIC");
	}

	@Override
	public @Nullable String knownCause() {
		return "no leases without these rights, and no way back to another mode";
	}

}
