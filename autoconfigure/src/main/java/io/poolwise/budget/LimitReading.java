package io.poolwise.budget;

/**
 * What asking a server for its limit came to.
 */
public sealed interface LimitReading {

	/**
	 * The server says how many connections it grants.
	 *
	 * @param identity the server
	 * @param limit its limit, with the arithmetic that led to it
	 */
	record Granted(ServerIdentity identity, ServerLimit limit) implements LimitReading {
	}

	/**
	 * The server has no limit of its own, such as an in-memory database.
	 *
	 * @param identity the server
	 * @param product what it calls itself
	 */
	record Unlimited(ServerIdentity identity, String product) implements LimitReading {
	}

	/**
	 * A pooler stands before the server: the server's limit says nothing about what the
	 * pooler grants.
	 *
	 * @param identity the pooler
	 * @param evidence how it was recognised
	 */
	record Pooled(ServerIdentity identity, String evidence) implements LimitReading {
	}

	/**
	 * The server could not be asked: down, slow, or without the right.
	 *
	 * @param reason what happened, without a secret
	 * @param down whether nobody is there who could be asked
	 */
	record Unavailable(String reason, boolean down) implements LimitReading {

		/**
		 * The server could not be asked, and may be there.
		 * @param reason what happened, without a secret
		 */
		public Unavailable(String reason) {
			this(reason, false);
		}

	}

}
