package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletionStage;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.api.StatefulConnection;

/**
 * Opens and closes Lettuce's connections.
 */
final class LettuceSource implements ConnectionSource<ConnectionType, StatefulConnection<?, ?>> {

	private final ConnectionWatch watch;

	LettuceSource(ConnectionWatch watch) {
		this.watch = watch;
	}

	@Override
	public CompletionStage<? extends StatefulConnection<?, ?>> open(ConnectionType type) {
		return type.open().whenComplete((connection, failure) -> {
			if (failure != null) {
				this.watch.connectFailed();
			}
		});
	}

	@Override
	public CompletionStage<?> close(StatefulConnection<?, ?> connection) {
		return Goodbye.say(connection);
	}

	@Override
	public boolean isUsable(StatefulConnection<?, ?> connection) {
		return connection.isOpen();
	}

	@Override
	public boolean isClosed(StatefulConnection<?, ?> connection) {
		return connection instanceof RedisChannelHandler<?, ?> handler && handler.isClosed();
	}

}
