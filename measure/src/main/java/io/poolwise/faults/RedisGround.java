package io.poolwise.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.poolwise.testservers.PacketFilter;
import io.poolwise.testservers.RedisServer;

/**
 * A Redis server.
 */
public final class RedisGround extends Ground {

	private static final String OBSERVER = "observer";

	private final RedisServer server;

	private final PacketFilter network;

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> admin;

	private final List<String> more = new ArrayList<>();

	private RedisGround(RedisServer server) {
		this.server = server;
		this.network = PacketFilter.before(server);
		this.client = RedisClient.create(RedisURI.builder()
			.withHost(DatabaseGround.OBSERVERS)
			.withPort(server.port())
			.withTimeout(Duration.ofSeconds(10))
			.withClientName(OBSERVER)
			.build());
		this.admin = this.client.connect();
	}

	/**
	 * Starts a server.
	 * @return the ground
	 */
	public static RedisGround start() {
		return start((builder) -> builder);
	}

	/**
	 * Starts a server.
	 * @param settings the server's settings
	 * @return the ground
	 */
	public static RedisGround start(UnaryOperator<RedisServer.Builder> settings) {
		return new RedisGround(
				settings.apply(RedisServer.builder().setting("bind", "127.0.0.1 " + DatabaseGround.OBSERVERS)).start());
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
	public RedisServer process() {
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

	/**
	 * Executes a command as the administrator.
	 * @param command its words
	 */
	public void execute(String... command) {
		CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
		Arrays.stream(command).skip(1).forEach(arguments::add);
		this.admin.sync()
			.dispatch(CommandType.valueOf(command[0]), new NestedMultiOutput<>(StringCodec.UTF8), arguments);
	}

	@Override
	public String server() {
		return "Redis";
	}

	@Override
	public List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + this.server.port(), "spring.flyway.enabled=false",
				"spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
						+ "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration"));
		properties.addAll(this.more);
		return properties;
	}

	@Override
	public int sessions() {
		try {
			return (int) this.admin.sync()
				.clientList()
				.lines()
				.filter((line) -> !line.contains("name=" + OBSERVER))
				.count();
		}
		catch (RedisException ex) {
			return -1;
		}
	}

	@Override
	public void close() {
		this.network.close();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		this.server.close();
	}

}
