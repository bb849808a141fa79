package io.poolwise.pool.rabbit;

import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.Channel;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.RabbitUtils;

/**
 * Finds out whether borrowers wait in vain, since Spring AMQP tells nobody: while every
 * channel is in use, it waits in line for one. Channels may be held for long by consumers
 * that were not planned for, such as those of a template that waits for replies. Or
 * Spring has lost permits: so these are counted anew then.
 */
final class StarvationWatch {

	private final ChannelCounter counter;

	private final ChannelLimit limit;

	private final BrokerQuestions<Boolean> line = new BrokerQuestions<>(this::served);

	private @Nullable CompletableFuture<Boolean> waiting;

	StarvationWatch(ChannelCounter counter, ChannelLimit limit) {
		this.counter = counter;
		this.limit = limit;
	}

	/**
	 * Looks. To be called regularly, and waits for nothing.
	 * @return whether nobody was served between the last look and this one
	 */
	synchronized boolean look() {
		CompletableFuture<Boolean> before = this.waiting;
		if (before != null && !before.isDone()) {
			return this.limit.isOn();
		}
		boolean refused = before != null && !before.isCompletedExceptionally() && !before.join();
		this.waiting = isFull() ? this.line.begin() : null;
		return refused;
	}

	private boolean isFull() {
		return this.limit.isOn() && this.counter.open() >= this.limit.get();
	}

	private Boolean served() {
		for (Connection connection : this.counter.connections()) {
			try {
				if (this.counter.inUse(connection) >= this.limit.get()) {
					Channel channel = connection.createChannel(false);
					RabbitUtils.closeChannel(channel);
				}
			}
			catch (AmqpTimeoutException ex) {
				return !connection.isOpen();
			}
		}
		return Boolean.TRUE;
	}

}
