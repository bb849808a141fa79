package io.poolwise.budget;

/**
 * What makes two pools share a limit: equal identities are one server. Taken from a
 * connection, never from a property, since two addresses may lead to one server.
 *
 * @param value opaque text, without a secret; for PostgreSQL system identifier, address
 * and role, for others host and port
 */
public record ServerIdentity(String value) {

	public ServerIdentity {
		if (value.isBlank()) {
			throw new IllegalArgumentException("A server's identity must not be blank");
		}
	}

	@Override
	public String toString() {
		return this.value;
	}

}
