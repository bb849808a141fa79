package io.poolwise.pool;

import java.time.Duration;

/**
 * What a pool can say of its server without waiting for a connection.
 */
public sealed interface ServerProbe {

	/**
	 * The server answered a question just now.
	 *
	 * @param latency the time from question to answer
	 */
	record Answered(Duration latency) implements ServerProbe {
	}

	/**
	 * Nobody was asked: the connections are all in use, and one of them completed a use a
	 * moment ago.
	 *
	 * @param lastUse an upper bound of the time since the last completed use
	 */
	record Busy(Duration lastUse) implements ServerProbe {
	}

	/**
	 * Nobody was asked, since there is no session to ask over.
	 *
	 * @param reason why, without a secret
	 */
	record NotAsked(String reason) implements ServerProbe {
	}

	/**
	 * The server did not answer, or refused.
	 *
	 * @param reason what happened, without a secret
	 */
	record Failed(String reason) implements ServerProbe {
	}

}
