package io.poolwise.governor;

import io.poolwise.budget.ServerIdentity;
import io.poolwise.pool.PoolKind;
import org.jspecify.annotations.Nullable;

/**
 * A pool of this process whose size is not ours to decide. What it can open is taken from
 * the allotment.
 *
 * @param name its name, usually the bean's
 * @param kind what it holds
 * @param server its server; {@code null} if that is not known: then it counts on every
 * server of its kind
 * @param connections the most that it can open, at least 0; {@code null} if it has no
 * bound
 * @param why why it is not governed
 * @param passing whether it has its connections at the start only, such as a migration:
 * where instances lease, the reserve pays for them
 */
public record UngovernedPool(String name, PoolKind kind, @Nullable ServerIdentity server, @Nullable Integer connections,
		String why, boolean passing) {

	/**
	 * A pool that may have its connections for as long as the application runs.
	 * @param name its name, usually the bean's
	 * @param kind what it holds
	 * @param server its server, {@code null} if that is not known
	 * @param connections the most that it can open; {@code null} if it has no bound
	 * @param why why it is not governed
	 */
	public UngovernedPool(String name, PoolKind kind, @Nullable ServerIdentity server, @Nullable Integer connections,
			String why) {
		this(name, kind, server, connections, why, false);
	}

	/**
	 * Whether what it can open is taken from a server's budget.
	 * @param kind what the budget counts
	 * @param server the server, as {@link io.poolwise.budget.LimitReading} names it
	 * @return whether it is the pool's server, or could be
	 */
	public boolean countsOn(PoolKind kind, Object server) {
		return this.kind == kind && (this.server == null || this.server.equals(server));
	}

}
