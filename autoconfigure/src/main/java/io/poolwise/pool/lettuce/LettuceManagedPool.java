package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ConnectTally;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.RetryHint;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * The connections of a {@link GovernedLettuceConnectionFactory} as the governor sees
 * them. The shared connections and subscriptions count as used.
 */
public final class LettuceManagedPool implements ManagedPool, LimitSource {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final Duration MAX_IDLE_TIME = Duration.ofMinutes(10);

	private final String name;

	private final LettuceSettings settings;

	private final Topology topology;

	private final LettuceProbe probe;

	private final LimitReader limits;

	private final ConnectionWatch watch;

	private final Executor executor;

	private final LongSupplier nanos;

	private final ConnectTally connects = new ConnectTally();

	private final LongAdder refusals = new LongAdder();

	private final LongAdder timeouts = new LongAdder();

	private final RetryHint retryHint;

	private volatile PoolSize target;

	private volatile @Nullable Running running;

	LettuceManagedPool(String name, LettuceSettings settings, Topology topology,
			Supplier<@Nullable StatefulConnection<?, ?>> shared, Supplier<LettuceConnectionProvider> bare,
			Executor executor, LongSupplier nanos) {
		this.name = name;
		this.settings = settings;
		this.topology = topology;
		this.target = settings.size();
		this.probe = new LettuceProbe(shared, bare, nanos);
		this.watch = new ConnectionWatch(executor);
		this.limits = new LimitReader(bare, this.watch::raiseDoubt);
		this.executor = executor;
		this.nanos = nanos;
		this.retryHint = new RetryHint(this::returns, nanos);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolKind kind() {
		return PoolKind.REDIS;
	}

	@Override
	public PoolCounts counts() {
		Running running = this.running;
		return (running != null) ? this.topology.sockets(running.pool.counts()) : PoolCounts.EMPTY;
	}

	@Override
	public PoolSize target() {
		return this.target;
	}

	@Override
	public void resize(PoolSize target) {
		this.target = target;
		Running running = this.running;
		if (running != null) {
			resize(running);
		}
	}

	/**
	 * No lock is held, since it opens and closes connections; whoever comes last looks
	 * again.
	 */
	private void resize(Running running) {
		PoolSize applied;
		do {
			applied = this.target;
			running.pool.resize(this.topology.borrowable(applied));
		}
		while (!applied.equals(this.target));
	}

	@Override
	public ServerProbe probe(Duration timeout) {
		Running running = this.running;
		return this.probe.probe((running != null) ? running.pool : null, (running != null) ? running.commands : null,
				timeout);
	}

	@Override
	public Optional<String> connectFailure() {
		Running running = this.running;
		return Optional.ofNullable((running != null) ? running.pool.openFailure() : null).map(Failures::describe);
	}

	@Override
	public PoolConnects connects() {
		return this.connects.connects();
	}

	@Override
	public OptionalInt serverConnections(Duration timeout) {
		Running running = this.running;
		return (running != null) ? this.probe.clients(running.pool, running.commands, timeout) : OptionalInt.empty();
	}

	@Override
	public PoolTrouble trouble() {
		return new PoolTrouble(this.refusals.sum(), this.timeouts.sum(), null);
	}

	/**
	 * In connections that can be borrowed: of a cluster, each opens several sockets.
	 */
	@Override
	public int missing() {
		Running running = this.running;
		if (running == null) {
			return 0;
		}
		PoolCounts counts = running.pool.counts();
		return Math.max(0, this.topology.borrowable(this.target).min() - counts.free() - counts.used());
	}

	@Override
	public List<String> limitations() {
		return this.topology.limitations();
	}

	@Override
	public LimitReading read() {
		return this.limits.read();
	}

	@Override
	public void onDoubt(Runnable action) {
		this.watch.onDoubt(action);
	}

	LettuceSettings settings() {
		return this.settings;
	}

	/**
	 * What a caller is told that waited too long.
	 */
	PoolExhaustedException exhausted() {
		this.timeouts.increment();
		Running running = this.running;
		return new PoolExhaustedException(shortage(), this.settings.acquireTimeout(),
				(running != null) ? running.pool.openFailure() : null);
	}

	/**
	 * What a caller is told that may not wait.
	 */
	RedisPoolSaturatedException saturated() {
		this.refusals.increment();
		return new RedisPoolSaturatedException(shortage(), this.settings.maxPending());
	}

	private PoolShortage shortage() {
		PoolCounts counts = counts();
		return new PoolShortage(this.name, counts, this.target.ceiling(),
				this.retryHint.after(counts.pending(), this.settings.acquireTimeout()));
	}

	private long returns() {
		Running running = this.running;
		return (running != null) ? running.pool.returns() : 0;
	}

	/**
	 * Puts the pool before a provider. The first one after the start opens the pool, and
	 * is the one that the minimum is opened from. For the one thread that starts the
	 * factory.
	 */
	LettuceConnectionProvider inFrontOf(LettuceConnectionProvider raw, AbstractRedisClient client) {
		Running running = this.running;
		if (running == null) {
			PoolSize before = this.target;
			running = start(raw, client);
			this.running = running;
			if (!this.target.equals(before)) {
				resize(running);
			}
		}
		return new PooledConnectionProvider(raw, this, running.pool);
	}

	private Running start(LettuceConnectionProvider raw, AbstractRedisClient client) {
		ConnectionType commands = new ConnectionType(raw, false);
		MixedPool<ConnectionType, StatefulConnection<?, ?>> pool = new MixedPool<>(
				new LettuceSource(this.watch, this.connects), this.topology.borrowable(this.target), commands,
				this.settings.maxIdle(), this.nanos);
		pool.maxPending(this.settings.maxPending());
		this.watch.onClosed(pool::lost);
		client.addListener(this.watch);
		Future<?> maintenance = client.getResources()
			.eventExecutorGroup()
			.scheduleWithFixedDelay(() -> this.executor.execute(() -> maintain(pool, client)), 0,
					this.settings.maintenancePeriod().toNanos(), TimeUnit.NANOSECONDS);
		return new Running(pool, commands, maintenance);
	}

	private static void maintain(MixedPool<ConnectionType, StatefulConnection<?, ?>> pool, AbstractRedisClient client) {
		if (client instanceof RedisClusterClient cluster) {
			// waits for the cluster's topology where it isn't known yet
			Partitions unused = cluster.getPartitions();
		}
		pool.maintain(MAX_IDLE_TIME);
	}

	/**
	 * Closes all connections and waits for that, bounded in time. May be started again.
	 */
	void close() {
		Running running = this.running;
		if (running == null) {
			return;
		}
		this.running = null;
		running.maintenance.cancel(false);
		try {
			running.pool.close().toCompletableFuture().get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// the client is shut down next, and with it what is left
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What exists between start and stop.
	 *
	 * @param pool the pool
	 * @param commands the type of connection that commands can be sent over
	 * @param maintenance the periodic look after the idle connections
	 */
	private record Running(MixedPool<ConnectionType, StatefulConnection<?, ?>> pool, ConnectionType commands,
			Future<?> maintenance) {
	}

}
