package io.poolwise.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.poolwise.testservers.PacketFilter;
import io.poolwise.testservers.RabbitServer;

/**
 * A RabbitMQ server with the queue {@code items}.
 */
public final class RabbitGround extends Ground {

	private static final Pattern CHANNELS = Pattern.compile("\"channels\":(\\d+)");

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final RabbitServer server;

	private final PacketFilter network;

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(PATIENCE)
		.build();

	private final List<String> more = new ArrayList<>();

	private RabbitGround(RabbitServer server) {
		this.server = server;
		this.network = PacketFilter.before(server);
	}

	/**
	 * Starts a server.
	 * @return the ground
	 */
	public static RabbitGround start() {
		return start((builder) -> builder);
	}

	/**
	 * Starts a server.
	 * @param settings the server's settings
	 * @return the ground
	 */
	public static RabbitGround start(UnaryOperator<RabbitServer.Builder> settings) {
		RabbitGround ground = new RabbitGround(settings.apply(RabbitServer.builder().management()).start());
		ground.request("PUT", "/api/queues/%2F/items", "{\"durable\": true, \"arguments\": {\"x-max-length\": 100}}");
		return ground;
	}

	/**
	 * The usual operation.
	 * @return publishes to the queue
	 */
	public Work publish() {
		return (beans) -> beans.rabbit().convertAndSend("", "items", "an item");
	}

	/**
	 * Adds properties of the application, for all contenders.
	 * @param properties properties as {@code key=value}
	 */
	public void with(String... properties) {
		this.more.addAll(List.of(properties));
	}

	/**
	 * The packets between the application and the server.
	 * @return the filter
	 */
	public PacketFilter network() {
		return this.network;
	}

	/**
	 * The server.
	 * @return its process
	 */
	public RabbitServer process() {
		return this.server;
	}

	/**
	 * Ends the server as a crash does, and starts it again.
	 * @param down how long it is down
	 */
	public void crash(Duration down) {
		this.server.kill();
		Trial.sleep(down);
		this.server.restart();
	}

	private String request(String method, String path, String body) {
		String login = Base64.getEncoder()
			.encodeToString((this.server.username() + ":" + this.server.password()).getBytes(StandardCharsets.UTF_8));
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.server.managementUrl() + path))
			.timeout(PATIENCE)
			.header("Authorization", "Basic " + login)
			.method(method, HttpRequest.BodyPublishers.ofString(body))
			.build();
		try {
			return this.client.send(request, HttpResponse.BodyHandlers.ofString()).body();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The management API doesn't answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String server() {
		return "RabbitMQ";
	}

	@Override
	public List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("spring.rabbitmq.host=127.0.0.1",
				"spring.rabbitmq.port=" + this.server.port(), "spring.flyway.enabled=false",
				"spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
						+ "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"));
		properties.addAll(this.more);
		return properties;
	}

	/** Channels: connections are shared. */
	@Override
	public int sessions() {
		try {
			Matcher channels = CHANNELS.matcher(request("GET", "/api/overview?columns=object_totals", ""));
			return channels.find() ? Integer.parseInt(channels.group(1)) : -1;
		}
		catch (IllegalStateException ex) {
			return -1;
		}
	}

	@Override
	public void close() {
		this.network.close();
		this.server.close();
	}

}
