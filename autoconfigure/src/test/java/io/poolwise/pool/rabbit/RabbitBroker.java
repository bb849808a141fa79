package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.testservers.RabbitServer;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * A real RabbitMQ for the tests of this package, with a {@code channel_max} of 64.
 */
final class RabbitBroker {

	static final int CHANNEL_MAX = 64;

	/**
	 * Has the broker answer each connect to a port of its own with the number of channels
	 * that it has at this moment: the numbers of its management API are seconds old, and
	 * its command line tool takes a second to start.
	 */
	private static final String COUNT_CHANNELS = """
			Caller = self(),
			spawn(fun() ->
			  {ok, Listen} = gen_tcp:listen(0, [binary, {ip, {127, 0, 0, 1}}, {active, false}, {backlog, 50}]),
			  {ok, Port} = inet:port(Listen),
			  Caller ! {port, Port},
			  Serve = fun(Again) ->
			    {ok, Socket} = gen_tcp:accept(Listen),
			    gen_tcp:send(Socket, integer_to_list(ets:info(channel_created, size))),
			    gen_tcp:close(Socket),
			    Again(Again)
			  end,
			  Serve(Serve)
			end),
			receive {port, Port} -> Port after 5000 -> none end.
			""";

	private static final AtomicInteger NAMES = new AtomicInteger();

	private final RabbitServer server;

	private final int counter;

	private RabbitBroker(RabbitServer server) {
		this.server = server;
		this.counter = Integer.parseInt(server.ctl("eval", COUNT_CHANNELS).strip());
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
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.counter)) {
			return Integer.parseInt(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
