package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * Finds out whether the server is there, without ever waiting for the pool: by a
 * {@code PING} over the shared connection; else over a free one; with none free, by the
 * fact that connections come back; else over one short-lived connection.
 */
final class LettuceProbe {

	private static final Duration RECENT = Duration.ofSeconds(5);

	private final Supplier<@Nullable StatefulConnection<?, ?>> shared;

	private final BareConnections<Boolean> bare;

	private final LongSupplier nanos;

	LettuceProbe(Supplier<@Nullable StatefulConnection<?, ?>> shared, Supplier<LettuceConnectionProvider> bare,
			LongSupplier nanos) {
		this.shared = shared;
		this.bare = new BareConnections<>(bare, (connection) -> {
			ping(connection).toCompletableFuture().join();
			return true;
		}, () -> {
		});
		this.nanos = nanos;
	}

	/**
	 * Asks.
	 * @param pool the pool, {@code null} if it isn't started
	 * @param type the type of free connection that can be asked
	 * @param timeout how long the server may take
	 * @return the answer
	 */
	ServerProbe probe(@Nullable MixedPool<ConnectionType, StatefulConnection<?, ?>> pool, @Nullable ConnectionType type,
			Duration timeout) {
		StatefulConnection<?, ?> shared = this.shared.get();
		if (shared != null && shared.isOpen()) {
			return over(shared, timeout);
		}
		if (pool == null || type == null) {
			return overBareConnection(timeout);
		}
		StatefulConnection<?, ?> free = pool.poll(type);
		if (free != null) {
			try {
				return over(free, timeout);
			}
			finally {
				pool.release(free);
			}
		}
		Duration lastUse = pool.sinceLastReturn();
		return (lastUse != null && lastUse.compareTo(RECENT) <= 0) ? new ServerProbe.Busy(lastUse)
				: overBareConnection(timeout);
	}

	/**
	 * Asks the server how many clients it has, over the shared connection or a free one.
	 * @param pool the pool
	 * @param type the type of free connection that can be asked
	 * @param timeout how long the server may take
	 * @return the number; empty for a cluster, whose nodes count each for itself, if no
	 * connection is there to ask, or if the server doesn't tell
	 */
	OptionalInt clients(MixedPool<ConnectionType, StatefulConnection<?, ?>> pool, ConnectionType type,
			Duration timeout) {
		StatefulConnection<?, ?> shared = this.shared.get();
		if (shared != null && shared.isOpen()) {
			return clients(shared, timeout);
		}
		StatefulConnection<?, ?> free = pool.poll(type);
		if (free == null) {
			return OptionalInt.empty();
		}
		try {
			return clients(free, timeout);
		}
		finally {
			pool.release(free);
		}
	}

	private static OptionalInt clients(StatefulConnection<?, ?> connection, Duration timeout) {
		if (!(connection instanceof StatefulRedisConnection<?, ?> server)) {
			return OptionalInt.empty();
		}
		try {
			String info = server.async().info("clients").get(timeout.toNanos(), TimeUnit.NANOSECONDS);
			String clients = LettuceLimits.parse(info).get("connected_clients");
			return (clients != null) ? OptionalInt.of(Integer.parseInt(clients)) : OptionalInt.empty();
		}
		catch (TimeoutException | ExecutionException ex) {
			return OptionalInt.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return OptionalInt.empty();
		}
	}

	private ServerProbe over(StatefulConnection<?, ?> connection, Duration timeout) {
		return answer(() -> ping(connection).toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS),
				timeout);
	}

	private ServerProbe overBareConnection(Duration timeout) {
		return answer(() -> this.bare.ask(timeout), timeout);
	}

	private ServerProbe answer(Question question, Duration timeout) {
		long start = this.nanos.getAsLong();
		try {
			question.ask();
		}
		catch (TimeoutException ex) {
			return new ServerProbe.Failed("no answer within " + timeout.toMillis() + " ms");
		}
		catch (ExecutionException ex) {
			if (!isRefusedByRights(ex)) {
				return new ServerProbe.Failed(Failures.describe(ex));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new ServerProbe.Failed("interrupted");
		}
		return new ServerProbe.Answered(Duration.ofNanos(this.nanos.getAsLong() - start));
	}

	/**
	 * A user that may not {@code PING} was answered all the same.
	 */
	private static boolean isRefusedByRights(ExecutionException ex) {
		return Failures.unwrap(ex) instanceof RedisCommandExecutionException refusal && refusal.getMessage() != null
				&& refusal.getMessage().startsWith("NOPERM");
	}

	private static CompletionStage<String> ping(StatefulConnection<?, ?> connection) {
		BaseRedisAsyncCommands<?, ?> commands;
		if (connection instanceof StatefulRedisClusterConnection<?, ?> cluster) {
			commands = cluster.async();
		}
		else {
			commands = ((StatefulRedisConnection<?, ?>) connection).async();
		}
		return commands.ping();
	}

	private interface Question {

		void ask() throws TimeoutException, ExecutionException, InterruptedException;

	}

}
