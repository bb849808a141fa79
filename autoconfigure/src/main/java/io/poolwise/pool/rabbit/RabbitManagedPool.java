package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * The channels of a Spring AMQP connection factory as the governor sees them: those of
 * publishers and of listener containers. The factory stays as its owner made it; it is
 * given its sizes by its setters, and counted by its listeners.
 */
public final class RabbitManagedPool implements ManagedPool {

	private final String name;

	private final CachingConnectionFactory factory;

	private final ChannelCounter counter;

	private final @Nullable ChannelLimit limit;

	private final @Nullable StarvationWatch watch;

	private final RabbitProbe probe;

	private final RabbitLimits limits;

	private final ScheduledExecutorService executor;

	private final boolean dryRun;

	private volatile PoolSize target;

	private volatile int least = 1;

	private RabbitManagedPool(String name, CachingConnectionFactory factory, @Nullable Duration acquireTimeout,
			@Nullable RabbitManagement management, ScheduledExecutorService executor, boolean dryRun) {
		this.name = name;
		this.factory = factory;
		this.executor = executor;
		this.dryRun = dryRun;
		this.target = PoolSize.of(0, factory.getChannelCacheSize());
		BareConnection bare = new BareConnection(factory);
		this.counter = new ChannelCounter(factory, bare);
		this.limit = (acquireTimeout != null) ? new ChannelLimit(factory, acquireTimeout, this.counter, executor)
				: null;
		this.watch = (this.limit != null) ? new StarvationWatch(this.counter, this.limit) : null;
		this.probe = new RabbitProbe(this.counter, bare);
		this.limits = new RabbitLimits(name, this.counter, factory, bare, management);
		this.counter.attach();
	}

	/**
	 * Sizes a connection factory.
	 * @param name the pool's name, as operators know it
	 * @param factory the factory
	 * @param acquireTimeout how long a caller waits for a channel; 0 to leave the
	 * factory's checkout timeout alone, and to bound idle channels only
	 * @param management where to read the limits that are no part of the protocol, or
	 * null
	 * @param executor begins what follows a connect or a resize, never on a borrower's
	 * thread
	 * @return the pool, which has the factory's size until it is told another one
	 */
	public static RabbitManagedPool sizing(String name, CachingConnectionFactory factory, Duration acquireTimeout,
			@Nullable RabbitManagement management, ScheduledExecutorService executor) {
		return new RabbitManagedPool(name, factory, acquireTimeout, management, executor, false);
	}

	/**
	 * Counts the channels of a connection factory and leaves its sizes alone.
	 * @param name the pool's name, as operators know it
	 * @param factory the factory
	 * @param management where to read the limits that are no part of the protocol, or
	 * null
	 * @param executor runs what follows a connect, never on a borrower's thread
	 * @param dryRun whether that is so since nothing is to be changed at all
	 * @return the pool
	 */
	public static RabbitManagedPool observing(String name, CachingConnectionFactory factory,
			@Nullable RabbitManagement management, ScheduledExecutorService executor, boolean dryRun) {
		return new RabbitManagedPool(name, factory, null, management, executor, dryRun);
	}

	/**
	 * Keeps the limit at a size, whatever the target: listener containers that find no
	 * channel would try for ever, and publishers would find none at all.
	 * @param channels the least limit, at least 1
	 */
	public void keepAtLeast(int channels) {
		this.least = channels;
		resize(this.target);
	}

	/**
	 * The most channels that may be open.
	 * @return the limit, at least 1; what the target says where nothing is limited
	 */
	public int limit() {
		return (this.limit != null) ? this.limit.get() : this.target.ceiling();
	}

	/**
	 * The connection factory.
	 * @return the factory, always the same
	 */
	public CachingConnectionFactory connectionFactory() {
		return this.factory;
	}

	/**
	 * Reads the broker's limits, over an open connection or a short-lived one. Warns,
	 * once for each reason, if the management API does not tell.
	 * @param timeout how long the caller waits
	 * @return the limits
	 */
	public RabbitReading readLimits(Duration timeout) {
		return this.limits.read(timeout);
	}

	/**
	 * Names what to do after each connect: limits may have changed, or can be read at
	 * last.
	 * @param action called on a thread of the executor
	 */
	public void onConnect(Runnable action) {
		this.counter.whenConnected(() -> this.executor.execute(action));
	}

	/**
	 * Looks whether callers wait in vain. To be called every second or so; waits for
	 * nothing.
	 * @return whether all channels were in use since the last look, and nobody got one
	 */
	public boolean isStarving() {
		return this.watch != null && this.watch.look();
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolKind kind() {
		return PoolKind.RABBIT;
	}

	/**
	 * Nobody knows how many callers wait: {@code pending} is 0.
	 */
	@Override
	public PoolCounts counts() {
		PoolCounts counts = this.counter.counts();
		if (this.limit != null) {
			this.limit.correct(counts.used());
		}
		return counts;
	}

	@Override
	public PoolSize target() {
		return this.target;
	}

	/**
	 * A raise reaches waiting callers. A lower limit is reached as channels come back.
	 */
	@Override
	public void resize(PoolSize target) {
		this.target = target;
		if (this.limit != null) {
			this.limit.set(Math.max(target.ceiling(), this.least));
		}
	}

	@Override
	public ServerProbe probe(Duration timeout) {
		return this.probe.probe(timeout);
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.ofNullable(this.counter.connectFailure());
	}

	@Override
	public PoolConnects connects() {
		return this.counter.connects();
	}

	/**
	 * Opens the connection, which the channels are opened on when they are wanted.
	 */
	@Override
	public void warmUp(ConnectPace pace) {
		this.factory.createConnection();
	}

	/**
	 * The connection counts as 1 until it has been open.
	 */
	@Override
	public int missing() {
		return (this.dryRun || connects().made() > 0) ? 0 : 1;
	}

	@Override
	public List<String> limitations() {
		if (this.dryRun) {
			return List.of();
		}
		if (this.limit == null) {
			return List.of("the application made this connection factory, and Spring AMQP doesn't tell its checkout"
					+ " timeout: its sizes stay as they are; pool.rabbit.acquire-timeout gives it a limit");
		}
		return this.limit.isLimit() ? List.of()
				: List.of("without a checkout timeout, pool.rabbit.max-size bounds idle channels only;"
						+ " pool.rabbit.acquire-timeout makes it a limit");
	}

}
