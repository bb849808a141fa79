package io.poolwise.fleet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.poolwise.lease.SessionId;
import io.poolwise.pool.ConnectionPermits.Retirement;

/**
 * The settled sessions of this instance's pools on one server, and how to be rid of each.
 * Safe for any thread.
 */
final class LeasedSessions {

	private final Map<SessionId, Retirement> sessions = new ConcurrentHashMap<>();

	void settled(SessionId session, Retirement retirement) {
		this.sessions.put(session, retirement);
	}

	void closed(SessionId session) {
		this.sessions.remove(session);
	}

	void retire(SessionId session) {
		ifThere(session, Retirement::retire);
	}

	void cut(SessionId session) {
		ifThere(session, Retirement::cut);
	}

	private void ifThere(SessionId session, Consumer<Retirement> action) {
		Retirement retirement = this.sessions.get(session);
		if (retirement != null) {
			action.accept(retirement);
		}
	}

}
