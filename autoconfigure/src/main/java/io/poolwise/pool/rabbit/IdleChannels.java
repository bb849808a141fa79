package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ChannelProxy;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannel;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelImpl;

/**
 * Takes idle channels out of the caches of Spring's connections, as any borrower does,
 * but never has a new one opened: while a thread looks, the gate refuses it.
 */
final class IdleChannels {

	private static final Log logger = LogFactory.getLog(IdleChannels.class);

	// a thread looks into one pool; to the others it is a borrower
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<Looking> looking = new ThreadLocal<>();

	private final Executor executor;

	/**
	 * Creates the finder.
	 * @param executor closes channels that are in the way, never on a borrower's thread
	 */
	IdleChannels(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Refuses a thread that only looks.
	 * @return whether the thread may have a new channel, but doesn't wait for one
	 */
	boolean refuseWhileLooking() {
		Looking scope = this.looking.get();
		if (scope == Looking.FOR_IDLE) {
			throw new NothingIdleException();
		}
		return scope == Looking.FOR_FREE;
	}

	RuntimeException nothingFree() {
		return new NothingIdleException();
	}

	/**
	 * Finds an idle channel for a caller that waits for one. Idle channels of other
	 * connections are of no use to it: they are closed, so that it can have a new one.
	 * @param wanted the connection on which the channel is wanted
	 * @param pool whose connections are searched
	 * @return a channel that now belongs to the caller, or null
	 */
	@Nullable Channel find(GatedConnection wanted, ChannelPool pool) {
		Channel channel = strip(take(wanted, false, Looking.FOR_IDLE), wanted);
		if (channel != null) {
			return channel;
		}
		channel = strip(take(wanted, true, Looking.FOR_IDLE), wanted);
		if (channel != null) {
			return InheritedTransaction.of(channel, () -> pool.channel(wanted, wanted::openPublisher));
		}
		ChannelProxy other = takeAny(pool, wanted);
		if (other != null) {
			execute(() -> close(other));
		}
		return null;
	}

	/**
	 * Closes idle channels until the pool keeps its limit or has none idle. A channel is
	 * taken first and its close undertaken then: who comes back meanwhile must see only
	 * closes that will be done, or it would rely on one that never is.
	 * @param pool the pool
	 */
	void trim(ChannelPool pool) {
		while (pool.gate().open() > pool.gate().limit()) {
			ChannelProxy proxy = takeAny(pool, null);
			if (proxy == null) {
				return;
			}
			if (!pool.gate().retire()) {
				giveBack(proxy);
				return;
			}
			close(proxy);
		}
	}

	private static void giveBack(ChannelProxy proxy) {
		try {
			proxy.close();
		}
		catch (IOException | TimeoutException | ShutdownSignalException ex) {
			logger.debug("An idle channel was closed while it was looked at", ex);
		}
	}

	private @Nullable ChannelProxy takeAny(ChannelPool pool, @Nullable GatedConnection except) {
		for (GatedConnection connection : pool.connections()) {
			if (connection != except) {
				ChannelProxy proxy = take(connection, false, Looking.FOR_IDLE);
				proxy = (proxy != null) ? proxy : take(connection, true, Looking.FOR_IDLE);
				if (proxy != null) {
					return proxy;
				}
			}
		}
		return null;
	}

	/**
	 * Takes an idle channel, else opens a new one if that is possible without waiting for
	 * others.
	 * @param pool the pool
	 * @return a channel to be closed, or null
	 */
	@Nullable Channel takeFreeOrNew(ChannelPool pool) {
		for (Looking scope : Looking.values()) {
			for (GatedConnection connection : pool.connections()) {
				Channel channel = take(connection, false, scope);
				if (channel != null) {
					return channel;
				}
			}
		}
		return null;
	}

	private @Nullable ChannelProxy take(GatedConnection connection, boolean transactional, Looking scope) {
		Connection cache = connection.cache();
		if (cache == null || !connection.isOpen()) {
			return null;
		}
		this.looking.set(scope);
		try {
			return (ChannelProxy) cache.createChannel(transactional);
		}
		catch (NothingIdleException ex) {
			return null;
		}
		catch (AmqpException | ShutdownSignalException ex) {
			logger.debug("No idle channel, for the connection is closed", ex);
			return null;
		}
		finally {
			this.looking.remove();
		}
	}

	/**
	 * Takes the channel out of Spring's proxy, which nobody else has, so that Spring can
	 * put it into a new one.
	 */
	private @Nullable Channel strip(@Nullable ChannelProxy proxy, GatedConnection wanted) {
		Channel channel = (proxy != null) ? proxy.getTargetChannel() : null;
		if (proxy == null || channel == null || !channel.isOpen()) {
			return null;
		}
		if (channel instanceof PublisherCallbackChannel
				&& (proxy.isTransactional() || !(channel instanceof PublisherCallbackChannelImpl))) {
			// Spring would wrap it once more
			execute(() -> close(proxy));
			return null;
		}
		// Spring adds itself again
		channel.removeShutdownListener(wanted.factory());
		return channel;
	}

	/**
	 * Closes a channel that was idle. Spring would wait five seconds for messages that
	 * may be returned; a question to the broker settles that, for it answers in order.
	 * @param proxy the channel, which belongs to the caller
	 */
	void close(ChannelProxy proxy) {
		Channel channel = proxy.getTargetChannel();
		if (channel == null) {
			return;
		}
		try {
			if (channel instanceof PublisherCallbackChannel && !proxy.isTransactional()) {
				channel.confirmSelect();
			}
			channel.close();
		}
		catch (IOException | TimeoutException | ShutdownSignalException ex) {
			logger.debug("An idle channel could not be closed in order", ex);
		}
	}

	void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Not done, for the application stops", ex);
		}
	}

	private enum Looking {

		FOR_IDLE, FOR_FREE

	}

	/**
	 * Says that a connection's cache holds no idle channel.
	 */
	private static final class NothingIdleException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NothingIdleException() {
			super("no idle channel", null, false, false);
		}

	}

}
