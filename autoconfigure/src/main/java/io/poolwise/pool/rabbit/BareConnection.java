package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * One short-lived connection beside a pool's own, without a channel: the handshake is the
 * broker's answer.
 */
final class BareConnection {

	private final CachingConnectionFactory origin;

	private volatile @Nullable Address lastGood;

	BareConnection(CachingConnectionFactory origin) {
		this.origin = origin;
	}

	/**
	 * Remembers where a connection led: the factory doesn't tell which of its addresses
	 * it used, nor which it has.
	 * @param connection an open connection
	 */
	void ledTo(Connection connection) {
		InetAddress address = connection.getAddress();
		if (address != null) {
			this.lastGood = new Address(hostOf(address), connection.getPort());
		}
	}

	/**
	 * The name that was resolved, without asking for the name of a mere number.
	 */
	private static String hostOf(InetAddress address) {
		String text = address.toString();
		int slash = text.indexOf('/');
		return (slash > 0) ? text.substring(0, slash) : address.getHostAddress();
	}

	/**
	 * Connects, asks, and closes.
	 * @param question what to ask
	 * @param <T> the answer
	 * @return the answer
	 * @throws IOException when the broker refused or the network failed
	 * @throws TimeoutException when the handshake took too long
	 */
	<T> T ask(Question<T> question) throws IOException, TimeoutException {
		ConnectionFactory client = this.origin.getRabbitConnectionFactory();
		Address address = this.lastGood;
		if (address == null) {
			address = new Address(client.getHost(), client.getPort());
		}
		try (Connection connection = client.newConnection(List.of(address), "poolwise")) {
			return question.ask(connection);
		}
		catch (ShutdownSignalException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * What can be asked of a connection.
	 *
	 * @param <T> the answer
	 */
	interface Question<T> {

		T ask(Connection connection) throws IOException;

	}

}
