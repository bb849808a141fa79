package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * Opens connections straight from a client.
 */
final class NativeConnections implements LettuceConnectionProvider {

	private final Supplier<AbstractRedisClient> client;

	NativeConnections(Supplier<AbstractRedisClient> client) {
		this.client = client;
	}

	@Override
	public <T extends StatefulConnection<?, ?>> T getConnection(Class<T> connectionType) {
		AbstractRedisClient client = this.client.get();
		return connectionType.cast((client instanceof RedisClusterClient cluster)
				? cluster.connect(ByteArrayCodec.INSTANCE) : ((RedisClient) client).connect(ByteArrayCodec.INSTANCE));
	}

	@Override
	public <T extends StatefulConnection<?, ?>> CompletionStage<T> getConnectionAsync(Class<T> connectionType) {
		return CompletableFuture.completedFuture(getConnection(connectionType));
	}

}
