package io.poolwise.pool.rabbit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.Channel;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.RabbitUtils;

/**
 * Brings the channels of a pool to the size that it was told to have, and counts them.
 * Safe for any thread.
 */
final class ChannelResizer {

	private static final Log logger = LogFactory.getLog(ChannelResizer.class);

	private final ChannelPool channels;

	private final GovernedConnectionFactory factory;

	private final AtomicBoolean working = new AtomicBoolean();

	private volatile PoolSize target;

	private volatile int lastFree;

	ChannelResizer(ChannelPool channels, GovernedConnectionFactory factory, PoolSize target) {
		this.channels = channels;
		this.factory = factory;
		this.target = target;
		channels.whenConnected(this::keepMinimum);
	}

	PoolSize target() {
		return this.target;
	}

	void resize(PoolSize target) {
		this.target = target;
		this.channels.gate().limit(target.ceiling());
		if (this.channels.gate().open() > target.ceiling()) {
			this.channels.idle().execute(() -> this.channels.idle().trim(this.channels));
		}
		keepMinimum();
	}

	/**
	 * The pool as it is. What Spring's cache holds can't be read while it connects or
	 * closes a connection: then the last known number stands.
	 * @return the counts
	 */
	PoolCounts counts() {
		ChannelGate gate = this.channels.gate();
		int size = gate.open();
		if (size > 0 && !this.channels.isQuiet()) {
			this.lastFree = this.factory.idleChannels();
			size = gate.open();
		}
		int free = Math.min(this.lastFree, size);
		int used = Math.max(0, size - free - this.channels.cooling());
		return new PoolCounts(size, free, used, gate.pending());
	}

	private void keepMinimum() {
		if (this.channels.gate().open() < this.target.min() && this.working.compareAndSet(false, true)) {
			this.channels.idle().execute(() -> {
				this.working.set(false);
				fill();
			});
		}
	}

	/**
	 * Borrows until as many channels are open as should be, then gives all back.
	 */
	private void fill() {
		try (Connection connection = this.factory.createConnection()) {
			List<Channel> borrowed = new ArrayList<>();
			try {
				while (this.channels.gate().open() < Math.min(this.target.min(), this.channels.gate().limit())) {
					borrowed.add(connection.createChannel(false));
				}
			}
			finally {
				borrowed.forEach(RabbitUtils::closeChannel);
			}
		}
		catch (AmqpException ex) {
			logger.debug("The minimum could not be opened; it is tried again after the next connect", ex);
		}
	}

}
