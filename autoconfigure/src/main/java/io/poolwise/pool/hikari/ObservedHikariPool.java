package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;

/**
 * A stock HikariCP pool that is looked at and never touched, for a dry run: it remembers
 * what it was told, and does nothing.
 */
public final class ObservedHikariPool implements ManagedPool, LimitSource, AutoCloseable {

	private final String name;

	private final HikariDataSource pool;

	private final LimitReader limits;

	private volatile PoolSize target;

	/**
	 * Creates a view.
	 * @param name the pool's name
	 * @param pool the pool
	 */
	public ObservedHikariPool(String name, HikariDataSource pool) {
		this.name = name;
		this.pool = pool;
		int max = pool.getMaximumPoolSize();
		this.target = PoolSize.of((pool.getMinimumIdle() >= 0) ? Math.min(pool.getMinimumIdle(), max) : max, max);
		TargetDataSource source = new TargetDataSource(pool, pool.getDataSource(), pool.getDataSourceClassName());
		this.limits = new LimitReader(name, source::briefConnection,
				(session) -> DatabaseDialect.of(session).read(session));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Optional<String> libraryName() {
		return Optional.ofNullable(this.pool.getPoolName());
	}

	@Override
	public PoolKind kind() {
		return PoolKind.DATABASE;
	}

	@Override
	public PoolCounts counts() {
		HikariPoolMXBean running = this.pool.getHikariPoolMXBean();
		return (running != null) ? new PoolCounts(running.getTotalConnections(), running.getIdleConnections(),
				running.getActiveConnections(), running.getThreadsAwaitingConnection()) : PoolCounts.EMPTY;
	}

	@Override
	public PoolSize target() {
		return this.target;
	}

	@Override
	public void resize(PoolSize target) {
		this.target = target;
	}

	/**
	 * In a dry run, Boot's own health indicator asks.
	 */
	@Override
	public ServerProbe probe(Duration timeout) {
		return (this.limits.read() instanceof LimitReading.Unavailable unavailable)
				? new ServerProbe.Failed(unavailable.reason()) : new ServerProbe.Answered(Duration.ZERO);
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.empty();
	}

	@Override
	public LimitReading read() {
		return this.limits.read();
	}

	@Override
	public void onDoubt(Runnable action) {
		// a stock pool tells nobody when it reconnects; the regular refresh must do
	}

	/**
	 * Ends the question to the server that may be under way.
	 */
	@Override
	public void close() {
		this.limits.close();
	}

}
