package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;

/**
 * A HikariCP pool as the governor sees it.
 */
public final class HikariManagedPool implements ManagedPool, LimitSource {

	// as long as a local server under load may need; the pool itself would wait longer
	private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

	private final String name;

	private final HikariResizer resizer;

	private final HikariProbe probe;

	private final BareConnections<DatabaseReading> readings;

	HikariManagedPool(String name, HikariResizer resizer, HikariProbe probe,
			BareConnections<DatabaseReading> readings) {
		this.name = name;
		this.resizer = resizer;
		this.probe = probe;
		this.readings = readings;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolKind kind() {
		return PoolKind.DATABASE;
	}

	@Override
	public PoolCounts counts() {
		return this.resizer.counts();
	}

	@Override
	public PoolSize target() {
		return this.resizer.target();
	}

	@Override
	public void resize(PoolSize target) {
		this.resizer.resize(target);
	}

	@Override
	public ServerProbe probe(Duration timeout) {
		return this.probe.probe(timeout);
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.ofNullable(this.resizer.connectFailure());
	}

	@Override
	public LimitReading read() {
		try {
			return this.readings.ask(READ_TIMEOUT).limit();
		}
		catch (TimeoutException ex) {
			return new LimitReading.Unavailable("no answer within " + READ_TIMEOUT.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			return new LimitReading.Unavailable(Failures.describe(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new LimitReading.Unavailable("interrupted");
		}
	}

	@Override
	public void onDoubt(Runnable action) {
		this.resizer.onReconnect(action);
	}

}
