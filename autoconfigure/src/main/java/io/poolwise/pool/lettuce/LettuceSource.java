package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletionStage;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.api.StatefulConnection;
import io.poolwise.pool.ConnectTally;

/**
 * Opens and closes Lettuce's connections.
 */
final class LettuceSource implements ConnectionSource<ConnectionType, StatefulConnection<?, ?>> {

	private final ConnectionWatch watch;

	private final ConnectTally connects;

	LettuceSource(ConnectionWatch watch, ConnectTally connects) {
		this.watch = watch;
		this.connects = connects;
	}

	@Override
	public CompletionStage<? extends StatefulConnection<?, ?>> open(ConnectionType type) {
		return type.open().whenComplete((connection, failure) -> {
			if (failure != null) {
				this.connects.failed();
				this.watch.connectFailed();
			}
			else {
				this.connects.made();
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
