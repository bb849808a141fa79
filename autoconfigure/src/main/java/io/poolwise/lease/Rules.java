package io.poolwise.lease;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of a member, and the rules that it keeps: all of them, outside of tests.
 */
record Rules(LeaseSettings settings, Set<Rule> removed) {

	boolean keeps(Rule rule) {
		return !this.removed.contains(rule);
	}

	boolean same(@Nullable SessionId one, @Nullable SessionId other) {
		if (one == null || other == null) {
			return one == null && other == null;
		}
		return keeps(Rule.IDENTITY) ? one.equals(other) : one.pid() == other.pid();
	}

	boolean isAlive(Snapshot snapshot, @Nullable SessionId session) {
		if (session == null) {
			return false;
		}
		return keeps(Rule.IDENTITY) ? snapshot.alive().contains(session)
				: snapshot.alive().stream().anyMatch((alive) -> alive.pid() == session.pid());
	}

	long authentication() {
		return this.settings.authenticationTimeout().toNanos();
	}

	long poll() {
		return this.settings.pollInterval().toNanos();
	}

	long settle() {
		return this.settings.settleInterval().toNanos();
	}

}
