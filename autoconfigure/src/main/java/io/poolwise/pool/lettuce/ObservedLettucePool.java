package io.poolwise.pool.lettuce;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A stock connection factory that is looked at and never touched, for a dry run: it
 * remembers what it was told, and does nothing. Of its connections only the number is
 * known.
 */
public final class ObservedLettucePool implements ManagedPool, LimitSource {

	private final String name;

	private final LettuceProbe probe;

	private final LimitReader limits;

	private final AtomicInteger sockets = new AtomicInteger();

	private volatile PoolSize target;

	/**
	 * Creates a view.
	 * @param name the pool's name
	 * @param factory the factory, started
	 * @param size the size that it has by its settings
	 */
	public ObservedLettucePool(String name, LettuceConnectionFactory factory, PoolSize size) {
		this.name = name;
		this.target = size;
		NativeConnections connections = new NativeConnections(factory::getRequiredNativeClient);
		this.limits = new LimitReader(() -> connections, () -> {
		});
		this.probe = new LettuceProbe(() -> null, () -> connections, System::nanoTime);
		factory.getRequiredNativeClient().addListener(new SocketCounter());
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
		return new PoolCounts(Math.max(0, this.sockets.get()), 0, 0, 0);
	}

	@Override
	public PoolSize target() {
		return this.target;
	}

	@Override
	public void resize(PoolSize target) {
		this.target = target;
	}

	@Override
	public ServerProbe probe(Duration timeout) {
		return this.probe.probe(null, null, timeout);
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
		// a dry run follows the regular refresh
	}

	/**
	 * Counts the connections to the server, those to sentinels not.
	 */
	private final class SocketCounter implements RedisConnectionStateListener {

		@Override
		public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
			if (!(connection instanceof StatefulRedisSentinelConnection<?, ?>)) {
				ObservedLettucePool.this.sockets.incrementAndGet();
			}
		}

		@Override
		public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
			if (!(connection instanceof StatefulRedisSentinelConnection<?, ?>)) {
				ObservedLettucePool.this.sockets.decrementAndGet();
			}
		}

	}

}
