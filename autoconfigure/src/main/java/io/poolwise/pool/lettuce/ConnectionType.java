package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletionStage;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * What a connection can be used for: by blocking or by reactive callers, for commands or
 * for subscriptions.
 *
 * @param provider opens such connections; blocking and reactive callers have one each
 * @param subscriptions whether for subscriptions
 */
record ConnectionType(LettuceConnectionProvider provider, boolean subscriptions) {

	static ConnectionType of(LettuceConnectionProvider provider, Class<?> connectionClass) {
		return new ConnectionType(provider, StatefulRedisPubSubConnection.class.isAssignableFrom(connectionClass));
	}

	/**
	 * Opens a connection of this type.
	 * @return the connection
	 */
	CompletionStage<? extends StatefulConnection<?, ?>> open() {
		return this.subscriptions
				? this.provider.getConnectionAsync(StatefulRedisPubSubConnection.class)
					.thenApply((connection) -> (StatefulConnection<?, ?>) connection)
				: this.provider.getConnectionAsync(StatefulConnection.class)
					.thenApply((connection) -> (StatefulConnection<?, ?>) connection);
	}

}
