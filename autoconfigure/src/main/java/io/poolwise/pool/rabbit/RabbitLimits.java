package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Connection;
import io.poolwise.pool.rabbit.ManagementApi.ManagementException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * Reads a broker's limits: the negotiated one from an open connection, or from a
 * short-lived one; those of the user, the virtual host and the nodes from the management
 * API, if its address is known.
 */
final class RabbitLimits {

	private static final Log logger = LogFactory.getLog(RabbitLimits.class);

	private static final Duration MANAGEMENT_TIMEOUT = Duration.ofSeconds(2);

	private final String pool;

	private final ChannelCounter counter;

	private final CachingConnectionFactory factory;

	private final BareConnection bare;

	private final @Nullable ManagementApi management;

	private final BrokerQuestions<RabbitReading.Limits> questions = new BrokerQuestions<>(this::ask);

	private volatile List<String> lastNotes = List.of();

	/**
	 * Creates a reader.
	 * @param pool the pool's name, for the log
	 * @param counter knows the open connections
	 * @param factory tells the user and the virtual host
	 * @param bare makes a short-lived connection
	 * @param management the management API, or null
	 */
	RabbitLimits(String pool, ChannelCounter counter, CachingConnectionFactory factory, BareConnection bare,
			@Nullable RabbitManagement management) {
		this.pool = pool;
		this.counter = counter;
		this.factory = factory;
		this.bare = bare;
		this.management = (management != null) ? new ManagementApi(management, MANAGEMENT_TIMEOUT) : null;
	}

	RabbitReading read(Duration timeout) {
		try {
			return this.questions.ask(timeout);
		}
		catch (TimeoutException ex) {
			return new RabbitReading.Unavailable("no answer within " + timeout.toMillis() + " ms");
		}
		catch (ExecutionException ex) {
			return new RabbitReading.Unavailable(Failures.describe(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new RabbitReading.Unavailable("interrupted");
		}
	}

	private RabbitReading.Limits ask() throws IOException, TimeoutException {
		var open = this.counter.connections();
		return withManagement(open.isEmpty() ? this.bare.<RabbitReading.Limits>ask(this::negotiated)
				: negotiated(open.get(0).getDelegate()));
	}

	private RabbitReading.Limits negotiated(Connection connection) {
		Map<String, Object> server = connection.getServerProperties();
		String product = server.getOrDefault("product", "broker") + " " + server.getOrDefault("version", "?");
		Object cluster = server.get("cluster_name");
		String broker = (cluster != null) ? cluster.toString()
				: connection.getAddress().getHostAddress() + ":" + connection.getPort();
		return new RabbitReading.Limits(broker, product, this.factory.getUsername(), this.factory.getVirtualHost(),
				connection.getChannelMax(), null, null, null, null, List.of());
	}

	private RabbitReading.Limits withManagement(RabbitReading.Limits negotiated) {
		ManagementApi api = this.management;
		if (api == null) {
			return negotiated;
		}
		Map<String, Integer> user = Map.of();
		Map<String, Integer> vhost = Map.of();
		Integer sockets = null;
		List<String> notes = List.of();
		try {
			user = api.userLimits(negotiated.user());
			vhost = api.vhostLimits(negotiated.vhost());
			sockets = api.sockets();
		}
		catch (ManagementException ex) {
			notes = List.of("RabbitMQ management API at " + api + ": " + ex.getMessage()
					+ ". What it would have told is not known, the negotiated channel_max is");
		}
		tell(notes);
		return new RabbitReading.Limits(negotiated.broker(), negotiated.product(), negotiated.user(),
				negotiated.vhost(), negotiated.channelMax(), user.get("max-channels"), user.get("max-connections"),
				vhost.get("max-connections"), sockets, notes);
	}

	/**
	 * Warns once of what is wrong, not at each reading.
	 */
	private void tell(List<String> notes) {
		if (!notes.equals(this.lastNotes)) {
			this.lastNotes = notes;
			notes.forEach((note) -> logger.warn(this.pool + ": " + note));
		}
	}

}
