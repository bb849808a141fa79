package io.poolwise.faults.database;

/**
 * Pg_settings, pg_roles and pg_database revoked from PUBLIC.
 */
final class CatalogsRevoked extends RightsRevoked {

	CatalogsRevoked() {
		super("pg_settings, pg_roles and pg_database revoked from PUBLIC", false,
				"REVOKE ALL ON pg_settings FROM PUBLIC", "REVOKE ALL ON pg_roles FROM PUBLIC",
				"REVOKE ALL ON pg_database FROM PUBLIC");
	}

}
