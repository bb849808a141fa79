package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.PoolException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider.TargetAware;

/**
 * Gives Spring Data connections out of the pool. Connections to sentinels are not
 * connections to the server, and are not pooled.
 */
final class PooledConnectionProvider implements LettuceConnectionProvider, TargetAware, DisposableBean {

	private final LettuceConnectionProvider raw;

	private final LettuceManagedPool managed;

	private final MixedPool<ConnectionType, StatefulConnection<?, ?>> pool;

	PooledConnectionProvider(LettuceConnectionProvider raw, LettuceManagedPool managed,
			MixedPool<ConnectionType, StatefulConnection<?, ?>> pool) {
		this.raw = raw;
		this.managed = managed;
		this.pool = pool;
	}

	@Override
	public <T extends StatefulConnection<?, ?>> T getConnection(Class<T> connectionType) {
		if (toSentinel(connectionType)) {
			return this.raw.getConnection(connectionType);
		}
		CompletableFuture<StatefulConnection<?, ?>> acquired = acquire(connectionType);
		try {
			return connectionType.cast(acquired.get());
		}
		catch (ExecutionException ex) {
			throw failure(ex);
		}
		catch (InterruptedException ex) {
			giveUp(acquired);
			Thread.currentThread().interrupt();
			throw new RedisConnectionFailureException("Interrupted while waiting for a Redis connection", ex);
		}
	}

	@Override
	public <T extends StatefulConnection<?, ?>> CompletionStage<T> getConnectionAsync(Class<T> connectionType) {
		if (toSentinel(connectionType)) {
			return this.raw.getConnectionAsync(connectionType);
		}
		CompletableFuture<StatefulConnection<?, ?>> acquired = acquire(connectionType);
		CompletableFuture<T> result = new CompletableFuture<>();
		CompletableFuture<?> unused = acquired.whenComplete((connection, failure) -> {
			if (failure != null) {
				result.completeExceptionally(failure(failure));
			}
			else if (!result.complete(connectionType.cast(connection))) {
				this.pool.release(connection);
			}
		});
		return result;
	}

	private void giveUp(CompletableFuture<StatefulConnection<?, ?>> acquired) {
		if (!acquired.cancel(false) && !acquired.isCompletedExceptionally()) {
			this.pool.release(acquired.join());
		}
	}

	@Override
	public <T extends StatefulConnection<?, ?>> CompletionStage<T> getConnectionAsync(Class<T> connectionType,
			RedisURI redisURI) {
		if (toSentinel(connectionType) && this.raw instanceof TargetAware targetAware) {
			return targetAware.getConnectionAsync(connectionType, redisURI);
		}
		throw new UnsupportedOperationException("Only connections to sentinels can be had by address");
	}

	private CompletableFuture<StatefulConnection<?, ?>> acquire(Class<?> connectionType) {
		return this.pool.acquire(ConnectionType.of(this.raw, connectionType), this.managed.settings().acquireTimeout());
	}

	private RuntimeException failure(Throwable failure) {
		Throwable reason = Failures.unwrap(failure);
		if (reason instanceof TooManyWaitingException) {
			return this.managed.saturated();
		}
		return (reason instanceof TimeoutException) ? this.managed.exhausted() : new RedisConnectionFailureException(
				"Redis pool '" + this.managed.name() + "' could not connect: " + Failures.describe(reason), reason);
	}

	@Override
	public void release(StatefulConnection<?, ?> connection) {
		if (connection instanceof StatefulRedisSentinelConnection<?, ?>) {
			this.raw.release(connection);
			return;
		}
		if (connection.isOpen() && connection instanceof StatefulRedisConnection<?, ?> redis && redis.isMulti()) {
			RedisFuture<String> unused = redis.async().discard();
		}
		// one that was closed beside the pool has been struck off already
		if (!this.pool.release(connection) && connection.isOpen()) {
			throw new PoolException("Returned connection " + connection
					+ " was either previously returned or does not belong to this pool");
		}
	}

	@Override
	public CompletableFuture<Void> releaseAsync(StatefulConnection<?, ?> connection) {
		try {
			release(connection);
			return CompletableFuture.completedFuture(null);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public void destroy() {
		this.managed.close();
	}

	private static boolean toSentinel(Class<?> connectionType) {
		return StatefulRedisSentinelConnection.class.isAssignableFrom(connectionType);
	}

}
