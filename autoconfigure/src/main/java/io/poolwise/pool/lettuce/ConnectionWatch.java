package io.poolwise.pool.lettuce;

import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;

/**
 * Notices connections that were closed, and that the server may be another one, or have
 * other limits, than when it was last asked: at the first connect after a failed one or
 * after a connection was lost.
 */
final class ConnectionWatch implements RedisConnectionStateListener {

	private final Executor executor;

	private final AtomicBoolean doubt = new AtomicBoolean();

	private volatile Runnable action = () -> {
	};

	private volatile Consumer<StatefulConnection<?, ?>> closed = (connection) -> {
	};

	ConnectionWatch(Executor executor) {
		this.executor = executor;
	}

	void onDoubt(Runnable action) {
		this.action = action;
	}

	void onClosed(Consumer<StatefulConnection<?, ?>> action) {
		this.closed = action;
	}

	/**
	 * Says that the server can be asked now.
	 */
	void raiseDoubt() {
		this.executor.execute(this.action);
	}

	void connectFailed() {
		this.doubt.set(true);
	}

	@Override
	public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
		if (this.doubt.compareAndSet(true, false)) {
			raiseDoubt();
		}
	}

	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
		if (!connection.isClosed()) {
			this.doubt.set(true);
		}
		else if (connection instanceof StatefulConnection<?, ?> stateful) {
			this.closed.accept(stateful);
		}
	}

}
