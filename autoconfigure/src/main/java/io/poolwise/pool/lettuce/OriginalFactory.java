package io.poolwise.pool.lettuce;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.RedisCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.ClusterCommandExecutor;
import org.springframework.data.redis.connection.ClusterTopologyProvider;
import org.springframework.data.redis.connection.lettuce.LettuceClusterConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;
import org.springframework.util.ReflectionUtils;

/**
 * The methods that a {@link LettuceConnectionFactory} offers to its subclasses, called on
 * another factory: what they make has all settings of that factory, those without a
 * getter too (addresses of static replicas, the pipelining flush policy).
 */
final class OriginalFactory {

	private static final Method PROVIDER = method("doCreateConnectionProvider", AbstractRedisClient.class,
			RedisCodec.class);

	private static final Method CONNECTION = method("doCreateLettuceConnection", StatefulRedisConnection.class,
			LettuceConnectionProvider.class, long.class, int.class);

	private static final Method CLUSTER_CONNECTION = method("doCreateLettuceClusterConnection",
			StatefulRedisClusterConnection.class, LettuceConnectionProvider.class, ClusterTopologyProvider.class,
			ClusterCommandExecutor.class, Duration.class);

	private final LettuceConnectionFactory factory;

	OriginalFactory(LettuceConnectionFactory factory) {
		this.factory = factory;
	}

	/**
	 * Whether the methods can be called: not where Spring Data is a module that keeps
	 * them to itself.
	 */
	static boolean isOpen() {
		try {
			ReflectionUtils.makeAccessible(PROVIDER);
			ReflectionUtils.makeAccessible(CONNECTION);
			ReflectionUtils.makeAccessible(CLUSTER_CONNECTION);
			return true;
		}
		catch (InaccessibleObjectException | SecurityException ex) {
			return false;
		}
	}

	LettuceConnectionProvider connectionProvider(AbstractRedisClient client, RedisCodec<?, ?> codec) {
		return (LettuceConnectionProvider) call(PROVIDER, client, codec);
	}

	LettuceConnection connection(@Nullable StatefulRedisConnection<byte[], byte[]> shared,
			LettuceConnectionProvider provider, long timeout, int database) {
		return (LettuceConnection) call(CONNECTION, shared, provider, timeout, database);
	}

	LettuceClusterConnection clusterConnection(@Nullable StatefulRedisClusterConnection<byte[], byte[]> shared,
			LettuceConnectionProvider provider, ClusterTopologyProvider topology, ClusterCommandExecutor executor,
			Duration timeout) {
		return (LettuceClusterConnection) call(CLUSTER_CONNECTION, shared, provider, topology, executor, timeout);
	}

	private Object call(Method method, @Nullable Object... arguments) {
		try {
			return method.invoke(this.factory, arguments);
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Method method(String name, Class<?>... parameters) {
		try {
			return LettuceConnectionFactory.class.getDeclaredMethod(name, parameters);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
