package io.poolwise.governor;

import io.poolwise.budget.ServerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A pool of this process whose size is not ours to decide. What it can open is taken from
 * the allotment.
 *
 * @param name its name, usually the bean's
 * @param server its server; {@code null} if that is not known: then it counts on every
 * server
 * @param connections the most that it can open, at least 0; {@code null} if it has no
 * bound
 * @param why why it is not governed
 */
public record UngovernedPool(String name, @Nullable ServerIdentity server, @Nullable Integer connections, String why) {

	/**
	 * Whether what it can open is taken from a server's budget.
	 * @param server the server, as {@link io.poolwise.budget.LimitReading} names it
	 * @return whether it is the pool's server, or could be
	 */
	public boolean countsOn(Object server) {
		return this.server == null || this.server.equals(server);
	}

}
