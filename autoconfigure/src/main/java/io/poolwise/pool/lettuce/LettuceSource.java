package io.poolwise.pool.lettuce;

import java.util.concurrent.CompletionStage;

import io.lettuce.core.api.StatefulConnection;

/**
 * Opens and closes Lettuce's connections.
 */
final class LettuceSource implements ConnectionSource<ConnectionType, StatefulConnection<?, ?>> {

	private final ReconnectWatch watch;

	LettuceSource(ReconnectWatch watch) {
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

}
