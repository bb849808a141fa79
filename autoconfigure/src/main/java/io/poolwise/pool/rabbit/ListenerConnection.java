package io.poolwise.pool.rabbit;

import java.io.IOException;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpResourceNotAvailableException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionProxy;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelImpl;
import org.springframework.amqp.rabbit.support.RabbitExceptionTranslator;

/**
 * A caching connection as listener containers see it: its channels are new, are counted
 * apart, and are closed when their consumer has done.
 */
final class ListenerConnection implements ConnectionProxy {

	private final GovernedConnectionFactory factory;

	private final Connection connection;

	ListenerConnection(GovernedConnectionFactory factory, Connection connection) {
		this.factory = factory;
		this.connection = connection;
	}

	@Override
	public Channel createChannel(boolean transactional) {
		GatedConnection gated = GatedConnection.behind(this.connection.getDelegate());
		if (gated == null) {
			return this.connection.createChannel(transactional);
		}
		try {
			Channel channel = gated.openListener();
			if (channel == null) {
				throw full(gated);
			}
			return prepared(channel, transactional);
		}
		catch (IOException ex) {
			throw RabbitExceptionTranslator.convertRabbitAccessException(ex);
		}
	}

	private AmqpException full(GatedConnection gated) {
		return new AmqpResourceNotAvailableException(
				"The broker grants %d channels a connection, and all are open: lower the concurrency of the listener containers or pool.rabbit.max-size"
					.formatted(gated.physical().getChannelMax()));
	}

	/**
	 * Does to a channel what Spring's caching connection factory does: a template may
	 * publish on a consumer's channel.
	 */
	private Channel prepared(Channel bare, boolean transactional) throws IOException {
		Channel channel = bare;
		if (transactional) {
			channel.txSelect();
		}
		else if (this.factory.isPublisherConfirms() || this.factory.isSimplePublisherConfirms()) {
			channel.confirmSelect();
		}
		if (this.factory.isPublisherConfirms() || this.factory.isPublisherReturns()) {
			channel = new PublisherCallbackChannelImpl(channel, this.factory.callbackExecutor());
		}
		channel.addShutdownListener(this.factory);
		this.factory.channelListener().onCreate(channel, transactional);
		return channel;
	}

	@Override
	public void close() {
		this.connection.close();
	}

	@Override
	public boolean isOpen() {
		return this.connection.isOpen();
	}

	@Override
	public int getLocalPort() {
		return this.connection.getLocalPort();
	}

	@Override
	public void addBlockedListener(BlockedListener listener) {
		this.connection.addBlockedListener(listener);
	}

	@Override
	public boolean removeBlockedListener(BlockedListener listener) {
		return this.connection.removeBlockedListener(listener);
	}

	@Override
	public com.rabbitmq.client.Connection getDelegate() {
		return this.connection.getDelegate();
	}

	@Override
	public @Nullable Connection getTargetConnection() {
		return (this.connection instanceof ConnectionProxy proxy) ? proxy.getTargetConnection() : this.connection;
	}

	@Override
	public String toString() {
		return this.connection + " for listeners";
	}

}
