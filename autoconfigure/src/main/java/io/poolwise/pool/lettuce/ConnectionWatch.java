package io.poolwise.pool.lettuce;

import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import org.jspecify.annotations.Nullable;

/**
 * Notices connections that were closed, and that the server may be another one, or have
 * other limits, than when it was last asked: at the first connect after a failed one or
 * after a connection was lost.
 */
final class ConnectionWatch implements RedisConnectionStateListener {

	private final Executor executor;

	private final AtomicBoolean doubt = new AtomicBoolean();

	private @Nullable Runnable action;

	private boolean missed;

	private volatile Consumer<StatefulConnection<?, ?>> closed = (connection) -> {
	};

	ConnectionWatch(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Names what to call. What was to be called before is called now.
	 */
	synchronized void onDoubt(Runnable action) {
		this.action = action;
		if (this.missed) {
			raiseDoubt();
		}
	}

	void onClosed(Consumer<StatefulConnection<?, ?>> action) {
		this.closed = action;
	}

	/**
	 * Says that the server can be asked now.
	 */
	synchronized void raiseDoubt() {
		Runnable action = this.action;
		this.missed = action == null;
		if (action != null) {
			this.executor.execute(action);
		}
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
