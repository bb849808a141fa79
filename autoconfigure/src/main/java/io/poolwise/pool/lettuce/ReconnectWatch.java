package io.poolwise.pool.lettuce;

import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;

/**
 * Notices that the server may be another one, or have other limits, than when it was last
 * asked: at the first connect after a failed one or after a connection was lost.
 */
final class ReconnectWatch implements RedisConnectionStateListener {

	private final Executor executor;

	private final AtomicBoolean doubt = new AtomicBoolean();

	private volatile Runnable action = () -> {
	};

	ReconnectWatch(Executor executor) {
		this.executor = executor;
	}

	void onDoubt(Runnable action) {
		this.action = action;
	}

	void connectFailed() {
		this.doubt.set(true);
	}

	@Override
	public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
		if (this.doubt.compareAndSet(true, false)) {
			this.executor.execute(this.action);
		}
	}

	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
		if (!connection.isClosed()) {
			this.doubt.set(true);
		}
	}

}
