package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.ToIntFunction;

import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.ChannelAllotment;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolRequest;
import io.poolwise.governor.PoolTooLargeException;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.rabbit.ObservedRabbitPool;
import io.poolwise.pool.rabbit.RabbitManagedPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * Makes governed pools of connection factories, and keeps room for their listeners.
 */
final class RabbitPoolFactory {

	private static final Logger logger = LoggerFactory.getLogger(RabbitPoolFactory.class);

	private final RabbitKeys keys;

	private final PoolGovernor governor;

	private final Executor executor;

	private final List<Pool> pools = new ArrayList<>();

	RabbitPoolFactory(PoolKeys keys, PoolGovernor governor, Executor executor) {
		this.keys = new RabbitKeys(keys);
		this.governor = governor;
		this.executor = executor;
		this.keys.check();
	}

	/**
	 * Makes a pool, and has the governor size it.
	 * @param name the bean's name, which is the pool's
	 * @param origin the factory whose place the pool's takes
	 * @return the pool, without a connection
	 */
	RabbitManagedPool create(String name, CachingConnectionFactory origin) {
		Setting<Integer> max = this.keys.maxSize(name, origin);
		RabbitManagedPool managed = new RabbitManagedPool(name, origin, PoolSize.of(0, max.value()),
				this.keys.acquireTimeout(name), this.keys.management(), this.executor);
		managed.maxPending(this.keys.maxPending());
		Pool pool = new Pool(managed, new RabbitLimitSource(managed::readLimits, managed::onConnect), max);
		admit(pool, 0);
		synchronized (this.pools) {
			this.pools.add(pool);
		}
		managed.limitations().forEach((limitation) -> logger.info("{}: {}", name, limitation));
		return managed;
	}

	/**
	 * Looks at a stock factory, and has the governor decide for it what it is not told.
	 * @param name the bean's name
	 * @param factory the factory, not changed
	 */
	void observe(String name, CachingConnectionFactory factory) {
		Setting<Integer> max = this.keys.maxSize(name, factory);
		ObservedRabbitPool observed = new ObservedRabbitPool(name, factory, this.keys.management());
		// a stock factory tells nobody when it reconnects; the regular refresh must do
		RabbitLimitSource limits = new RabbitLimitSource(observed::readLimits, (action) -> {
		});
		try {
			this.governor.admit(new GovernedPool(observed, limits, request(name, max, limits, 0).dryRun()));
		}
		catch (BudgetTooSmallException | PoolTooLargeException ex) {
			logger.warn("{}: dry run: without it, this would stop the start: {}", name, ex.getMessage());
		}
	}

	/**
	 * Lets a pool go.
	 */
	void forget(RabbitManagedPool managed) {
		synchronized (this.pools) {
			this.pools.removeIf((pool) -> pool.managed == managed);
		}
	}

	/**
	 * Keeps room for listener containers: on their connection, and in what the instance
	 * may open.
	 * @param wanted tells how many channels the containers of a pool may come to need
	 */
	void makeRoomForListeners(ToIntFunction<RabbitManagedPool> wanted) {
		List<Pool> all;
		synchronized (this.pools) {
			all = List.copyOf(this.pools);
		}
		for (Pool pool : all) {
			int listeners = Math.max(wanted.applyAsInt(pool.managed), pool.managed.listenerChannels());
			if (listeners > 0) {
				makeRoomForListeners(pool, listeners);
			}
		}
	}

	private void makeRoomForListeners(Pool pool, int listeners) {
		String name = pool.managed.name();
		ChannelAllotment perConnection = pool.limits.perConnection(listeners);
		if (perConnection != null && perConnection.channels() == 0) {
			logger.warn(
					"{}: the listener containers may need {} channels, more than their connection carries: {}. Lower"
							+ " their concurrency, or raise the broker's channel_max.",
					name, listeners, String.join("; ", perConnection.reasons()));
		}
		if (perConnection != null && perConnection.channels() < pool.max.value()) {
			admit(pool, listeners);
		}
		ServerIdentity identity = pool.limits.identity();
		if (identity != null && (pool.limits.isShared() || this.keys.budget().limit() != null)) {
			this.governor.acknowledge(new UngovernedPool(name + " listeners", PoolKind.RABBIT, identity, listeners,
					"listener containers have channels of their own"));
		}
	}

	private void admit(Pool pool, int listeners) {
		this.governor.admit(new GovernedPool(pool.managed, pool.limits,
				request(pool.managed.name(), pool.max, pool.limits, listeners)));
	}

	private PoolRequest request(String name, Setting<Integer> max, RabbitLimitSource limits, int listeners) {
		List<String> reasons = new ArrayList<>();
		reasons.add(max.explicit() ? max.key() + " " + max.value()
				: "profile " + this.keys.profile() + ": at most " + max.value());
		int most = max.value();
		ChannelAllotment perConnection = limits.perConnection(listeners);
		if (perConnection != null && perConnection.channels() < most) {
			reasons.addAll(perConnection.reasons());
			most = Math.max(1, perConnection.channels());
		}
		return new PoolRequest(new PoolDemand(name, 0, most, 0), max.explicit(), max.key(), this.keys.budget(),
				reasons);
	}

	/**
	 * A governed pool.
	 *
	 * @param managed the pool
	 * @param limits asks its broker
	 * @param max what is asked for it
	 */
	private record Pool(RabbitManagedPool managed, RabbitLimitSource limits, Setting<Integer> max) {
	}

}
