package io.poolwise.pool.hikari;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.ServerProbe;
import io.poolwise.pool.StandIn;
import org.jspecify.annotations.Nullable;

/**
 * A HikariCP pool as the governor sees it.
 */
public final class HikariManagedPool implements ManagedPool, LimitSource {

	private final String name;

	private final GovernedHikariDataSource dataSource;

	private final HikariResizer resizer;

	private final HikariProbe probe;

	private final LimitReader limits;

	private final PoolPressure pressure;

	private final HikariWarmUp warmUp;

	private volatile @Nullable Supplier<StandIn> standIn;

	HikariManagedPool(String name, GovernedHikariDataSource dataSource, HikariResizer resizer, HikariProbe probe,
			LimitReader limits, PoolPressure pressure, HikariWarmUp warmUp) {
		this.name = name;
		this.dataSource = dataSource;
		this.resizer = resizer;
		this.probe = probe;
		this.limits = limits;
		this.pressure = pressure;
		this.warmUp = warmUp;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Optional<String> libraryName() {
		return Optional.ofNullable(this.dataSource.getPoolName());
	}

	/**
	 * The pool itself, whatever proxies there are around it: a class-based one is a
	 * {@link GovernedHikariDataSource} as well, but its fields are {@code null}.
	 * @return the pool, never a proxy
	 */
	public GovernedHikariDataSource dataSource() {
		return this.dataSource;
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
		ServerProbe probe = this.probe.probe(timeout);
		if (probe instanceof ServerProbe.Failed) {
			this.resizer.reachability().doubtServer();
		}
		return probe;
	}

	@Override
	public PoolConnects connects() {
		return this.resizer.reachability().connects();
	}

	@Override
	public OptionalInt serverConnections(Duration timeout) {
		return this.probe.serverConnections(timeout);
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.ofNullable(this.resizer.reachability().connectFailure());
	}

	@Override
	public PoolTrouble trouble() {
		return this.pressure.trouble();
	}

	@Override
	public Optional<StandIn> standIn() {
		Supplier<StandIn> standIn = this.standIn;
		return (standIn != null) ? Optional.of(standIn.get()) : Optional.empty();
	}

	void standIn(@Nullable Supplier<StandIn> standIn) {
		this.standIn = standIn;
	}

	@Override
	public void warmUp(ConnectPace pace) throws SQLException, InterruptedException {
		this.warmUp.run(pace);
	}

	@Override
	public int missing() {
		return this.resizer.missing();
	}

	@Override
	public long recycled() {
		return this.resizer.recycled();
	}

	@Override
	public LimitReading read() {
		LimitReading reading = this.limits.read();
		if (reading instanceof LimitReading.Unavailable) {
			this.resizer.reachability().doubtServer();
		}
		return reading;
	}

	@Override
	public void onDoubt(Runnable action) {
		this.resizer.reachability().onReconnect(action);
	}

	/**
	 * Ends the questions to the server that may be under way.
	 */
	void close() {
		this.warmUp.close();
		this.probe.close();
		this.limits.close();
	}

}
