package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.AddressResolver;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * A client factory whose connections are made by another caching connection factory, with
 * all that it was told about addresses, names, credentials and encryption, and put behind
 * the gate of a pool.
 */
final class GatedClientFactory extends ConnectionFactory {

	private final CachingConnectionFactory origin;

	private @Nullable Connector connector;

	GatedClientFactory(CachingConnectionFactory origin) {
		this.origin = origin;
		setAutomaticRecoveryEnabled(false);
	}

	void connectBy(Connector connector) {
		this.connector = connector;
	}

	@Override
	public String getHost() {
		return this.origin.getRabbitConnectionFactory().getHost();
	}

	@Override
	public int getPort() {
		return this.origin.getRabbitConnectionFactory().getPort();
	}

	@Override
	public Connection newConnection(@Nullable ExecutorService executor, @Nullable String name)
			throws IOException, TimeoutException {
		return connect();
	}

	@Override
	public Connection newConnection(@Nullable ExecutorService executor, List<Address> addresses, @Nullable String name)
			throws IOException, TimeoutException {
		return connect();
	}

	@Override
	public Connection newConnection(@Nullable ExecutorService executor, AddressResolver resolver, @Nullable String name)
			throws IOException, TimeoutException {
		return connect();
	}

	private Connection connect() throws IOException, TimeoutException {
		if (this.connector == null) {
			throw new IllegalStateException("not connected to a pool");
		}
		try {
			return this.connector.connect();
		}
		catch (AmqpException ex) {
			// as the client would have thrown it: the caller translates and tells
			// listeners
			if (ex.getCause() instanceof IOException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof TimeoutException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Makes physical connections.
	 */
	interface Connector {

		Connection connect();

	}

}
