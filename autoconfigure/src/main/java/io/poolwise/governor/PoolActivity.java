package io.poolwise.governor;

import java.util.Optional;

import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.StandIn;
import org.jspecify.annotations.Nullable;

/**
 * What one pool tells of itself. Each answer is that of the moment in which it is asked
 * for; of a pool that is not there, there is nothing to tell. Safe for any thread.
 */
public final class PoolActivity {

	private final @Nullable ManagedPool pool;

	PoolActivity(@Nullable ManagedPool pool) {
		this.pool = pool;
	}

	/**
	 * What the pool is called where its library measures it.
	 * @return the library's name for it, empty if it has none
	 */
	public Optional<String> libraryName() {
		return (this.pool != null) ? this.pool.libraryName() : Optional.empty();
	}

	/**
	 * How often callers went without a connection, and why.
	 * @return the numbers since the start
	 */
	public PoolTrouble trouble() {
		return (this.pool != null) ? this.pool.trouble() : PoolTrouble.NONE;
	}

	/**
	 * How often the pool has connected.
	 * @return the numbers since the start
	 */
	public PoolConnects connects() {
		return (this.pool != null) ? this.pool.connects() : PoolConnects.NONE;
	}

	/**
	 * How many connections were recycled.
	 * @return the number since the start
	 */
	public long recycled() {
		return (this.pool != null) ? this.pool.recycled() : 0;
	}

	/**
	 * Who serves the pool's callers while its server can't be reached.
	 * @return another pool, empty if nobody does
	 */
	public Optional<StandIn> standIn() {
		return (this.pool != null) ? this.pool.standIn() : Optional.empty();
	}

}
