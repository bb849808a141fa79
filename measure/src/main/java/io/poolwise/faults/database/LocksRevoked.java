package io.poolwise.faults.database;

import org.jspecify.annotations.Nullable;

/**
 * Pg_locks revoked from PUBLIC.
 */
final class LocksRevoked extends RightsRevoked {

	LocksRevoked() {
		super("pg_locks revoked from PUBLIC", false, "REVOKE ALL ON pg_locks FROM PUBLIC");
	}

	@Override
	public @Nullable String knownCause() {
		return "no leases without these rights, and no way back to another mode";
	}

}
