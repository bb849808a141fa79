package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.ChannelAllotment;
import io.poolwise.budget.PoolDemand;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolRequest;
import io.poolwise.governor.PoolTooLargeException;
import io.poolwise.pool.rabbit.RabbitManagedPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.CacheMode;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.aop.framework.AopProxyUtils;

/**
 * Makes pools of connection factories, plans for their listeners, and sees to it that no
 * size of ours that nobody asked for turns callers away.
 */
class RabbitPoolFactory {

	private static final Logger logger = LoggerFactory.getLogger(RabbitPoolFactory.class);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private final RabbitKeys keys;

	private final PoolGovernor governor;

	private final ScheduledExecutorService executor;

	private final List<Pool> pools = new CopyOnWriteArrayList<>();

	private volatile ToIntFunction<RabbitManagedPool> listeners = (pool) -> 0;

	RabbitPoolFactory(PoolKeys keys, PoolGovernor governor, ScheduledExecutorService executor) {
		this.keys = new RabbitKeys(keys);
		this.governor = governor;
		this.executor = executor;
		this.keys.check();
		Future<?> unused = executor.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(),
				TimeUnit.MILLISECONDS);
	}

	/**
	 * Makes a pool, and has the governor size it.
	 * @param name the bean's name, which is the pool's
	 * @param factory the factory
	 * @param boots whether Boot made it
	 * @param dryRun whether to decide and change nothing
	 * @return the pool
	 */
	RabbitManagedPool create(String name, CachingConnectionFactory factory, boolean boots, boolean dryRun) {
		Duration acquireTimeout = this.keys.acquireTimeout(boots);
		Setting<Integer> max = (acquireTimeout != null) ? this.keys.maxSize(factory, boots)
				: new Setting<>(factory.getChannelCacheSize(), "channelCacheSize of its bean", true);
		RabbitManagedPool managed = (dryRun || acquireTimeout == null)
				? RabbitManagedPool.observing(name, factory, this.keys.management(), this.executor, dryRun)
				: RabbitManagedPool.sizing(name, factory, acquireTimeout, this.keys.management(), this.executor);
		Pool pool = new Pool(managed, new RabbitLimitSource(managed::readLimits, managed::onConnect), max,
				this.keys.isLimitExplicit(boots), dryRun);
		try {
			admit(pool);
		}
		catch (BudgetTooSmallException | PoolTooLargeException ex) {
			if (!dryRun) {
				throw ex;
			}
			logger.warn("{}: dry run: without it, this would stop the start: {}", name, ex.getMessage());
		}
		this.pools.add(pool);
		managed.limitations().forEach((limitation) -> logger.info("{}: {}", name, limitation));
		return managed;
	}

	/**
	 * Lets a pool go.
	 */
	void forget(RabbitManagedPool managed) {
		this.pools.removeIf((pool) -> pool.managed == managed);
	}

	/**
	 * Whether a connection factory, or what it is a proxy of, has a pool.
	 */
	boolean governs(ConnectionFactory factory) {
		return this.pools.stream().anyMatch((pool) -> leadsTo(factory, pool.managed));
	}

	boolean leadsTo(ConnectionFactory factory, RabbitManagedPool pool) {
		Object target = AopProxyUtils.getSingletonTarget(factory);
		return ((target != null) ? target : factory) == pool.connectionFactory();
	}

	/**
	 * Whether a bean caches connections, rather than the channels of one connection.
	 */
	static boolean isConnectionCache(Object bean) {
		return bean.getClass() == CachingConnectionFactory.class
				&& ((CachingConnectionFactory) bean).getCacheMode() == CacheMode.CONNECTION;
	}

	/**
	 * The pool that has no channel to give.
	 * @return its name, empty if several may be meant
	 */
	Optional<String> exhausted() {
		List<Pool> full = this.pools.stream().filter((pool) -> pool.managed.counts().free() == 0).toList();
		List<Pool> meant = (full.size() == 1) ? full : this.pools;
		return (meant.size() == 1) ? Optional.of(meant.get(0).managed.name()) : Optional.empty();
	}

	/**
	 * When another try makes sense: nobody knows better than the time that callers wait.
	 */
	Duration retryAfter() {
		Duration time = this.keys.acquireTimeout(true);
		return (time != null && !time.isZero()) ? time : LOOK;
	}

	/**
	 * Adds room for listener containers, which take their channels from the same limit.
	 * @param wanted tells how many channels the containers of a pool may come to need
	 */
	void makeRoomForListeners(ToIntFunction<RabbitManagedPool> wanted) {
		this.listeners = wanted;
		this.pools.forEach(this::makeRoomForListeners);
	}

	private void makeRoomForListeners(Pool pool) {
		int listeners = this.listeners.applyAsInt(pool.managed);
		if (listeners <= pool.listeners) {
			return;
		}
		pool.listeners = listeners;
		ChannelAllotment perConnection = pool.limits.perConnection(listeners);
		if (perConnection != null && perConnection.channels() == 0) {
			logger.warn(
					"{}: the listener containers may need {} channels, more than their connection carries: {}. Lower"
							+ " their concurrency, or raise the broker's channel_max.",
					pool.managed.name(), listeners, String.join("; ", perConnection.reasons()));
		}
		admit(pool);
	}

	private void look() {
		for (Pool pool : this.pools) {
			try {
				if (pool.managed.isStarving()) {
					makeRoomForListeners(pool);
					relieve(pool);
				}
			}
			catch (RuntimeException ex) {
				logger.debug("{}: could not be looked at", pool.managed.name(), ex);
			}
		}
	}

	/**
	 * Raises what a profile said, within what the broker grants.
	 */
	private void relieve(Pool pool) {
		int before = pool.managed.limit();
		if (pool.explicit || pool.denied) {
			return;
		}
		int relief = pool.relief;
		pool.relief = relief + before;
		admit(pool);
		int now = pool.managed.limit();
		pool.denied = now <= before;
		if (!pool.denied) {
			logger.info("{}: all {} channels were held while callers waited: {} now; pool.rabbit.max-size sets a limit"
					+ " that stays", pool.managed.name(), before, now);
		}
	}

	private void admit(Pool pool) {
		PoolRequest request = request(pool);
		this.governor.admit(new GovernedPool(pool.managed, pool.limits, pool.dryRun ? request.dryRun() : request));
		pool.managed.keepAtLeast(least(pool, request));
	}

	/**
	 * What is open to the factory even where nothing is known of broker or fleet: without
	 * a channel a listener container would try for ever, and without one more nobody
	 * could publish.
	 */
	private int least(Pool pool, PoolRequest request) {
		if (pool.limits.isShared() || this.keys.budget().limit() != null) {
			return pool.listeners + 1;
		}
		return Math.min(request.demand().maxSize(), request.blindDemand().maxSize() + pool.listeners + pool.relief);
	}

	private PoolRequest request(Pool pool) {
		Setting<Integer> max = pool.max;
		List<String> reasons = new ArrayList<>();
		reasons.add(max.explicit() ? max.key() + " " + max.value()
				: "profile " + this.keys.profile() + ": at most " + max.value());
		if (pool.listeners > 0) {
			reasons.add("and " + pool.listeners + " for listener containers");
		}
		if (pool.relief > 0) {
			reasons.add("and " + pool.relief + " since callers waited while all were held");
		}
		int most = max.value() + pool.listeners + pool.relief;
		ChannelAllotment perConnection = pool.limits.perConnection(0);
		if (perConnection != null && perConnection.channels() < most) {
			reasons.addAll(perConnection.reasons());
			most = Math.max(1, perConnection.channels());
		}
		reasons.addAll(pool.managed.limitations());
		return new PoolRequest(new PoolDemand(pool.managed.name(), 0, most, 0), max.explicit(), max.key(),
				this.keys.budget(), reasons);
	}

	/**
	 * A pool, and what is asked for it.
	 */
	private static final class Pool {

		private final RabbitManagedPool managed;

		private final RabbitLimitSource limits;

		private final Setting<Integer> max;

		private final boolean explicit;

		private final boolean dryRun;

		private volatile int listeners;

		private volatile int relief;

		private volatile boolean denied;

		Pool(RabbitManagedPool managed, RabbitLimitSource limits, Setting<Integer> max, boolean explicit,
				boolean dryRun) {
			this.managed = managed;
			this.limits = limits;
			this.max = max;
			this.explicit = explicit;
			this.dryRun = dryRun;
		}

	}

}
