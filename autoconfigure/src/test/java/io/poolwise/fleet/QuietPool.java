package io.poolwise.fleet;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;

/**
 * A database pool without a server, for what only looks at its counts.
 */
interface QuietPool extends ManagedPool, LimitSource {

	@Override
	default PoolKind kind() {
		return PoolKind.DATABASE;
	}

	@Override
	default PoolCounts counts() {
		return PoolCounts.EMPTY;
	}

	@Override
	default PoolSize target() {
		return PoolSize.of(0, 10);
	}

	@Override
	default void resize(PoolSize target) {
	}

	@Override
	default ServerProbe probe(Duration timeout) {
		return new ServerProbe.Failed("not asked");
	}

	@Override
	default LimitReading read() {
		throw new UnsupportedOperationException("not asked");
	}

	@Override
	default void onDoubt(Runnable action) {
	}

	@Override
	default Optional<String> connectFailure() {
		return Optional.empty();
	}

}
