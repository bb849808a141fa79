package io.poolwise.pool.rabbit;

import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.testservers.RabbitServer;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * A real RabbitMQ for the tests of this package, with a {@code channel_max} of 64.
 */
final class RabbitBroker {

	static final int CHANNEL_MAX = 64;

	private static final AtomicInteger NAMES = new AtomicInteger();

	private final RabbitServer server;

	private RabbitBroker(RabbitServer server) {
		this.server = server;
	}

	/**
	 * The one broker of this JVM; its end is the JVM's.
	 */
	static RabbitBroker get() {
		return Holder.BROKER;
	}

	RabbitServer server() {
		return this.server;
	}

	/**
	 * Creates a virtual host of its own for one test.
	 */
	String newVhost() {
		String vhost = "vhost-" + NAMES.incrementAndGet();
		this.server.ctl("add_vhost", vhost);
		this.server.ctl("set_permissions", "-p", vhost, this.server.username(), ".*", ".*", ".*");
		return vhost;
	}

	/**
	 * Creates a user who may do everything in a virtual host, and has at most so many
	 * channels.
	 */
	String newUser(String vhost, int maxChannels) {
		String user = "user-" + NAMES.incrementAndGet();
		this.server.ctl("add_user", user, user);
		this.server.ctl("set_permissions", "-p", vhost, user, ".*", ".*", ".*");
		this.server.ctl("set_user_limits", user, "{\"max-channels\": " + maxChannels + "}");
		return user;
	}

	/**
	 * Counts the channels that exist in the broker.
	 */
	int channels() {
		return this.server.channels();
	}

	CachingConnectionFactory connectionFactory(String vhost, String user) {
		CachingConnectionFactory factory = new CachingConnectionFactory(this.server.host(), this.server.port());
		factory.setUsername(user);
		factory.setPassword(user);
		factory.setVirtualHost(vhost);
		return factory;
	}

	private static final class Holder {

		static final RabbitBroker BROKER = new RabbitBroker(
				RabbitServer.builder().channelMax(CHANNEL_MAX).management().start());

	}

}
