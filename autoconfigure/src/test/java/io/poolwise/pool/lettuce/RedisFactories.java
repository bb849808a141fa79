package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RedisServer;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * Makes governed connection factories for tests and destroys them.
 */
final class RedisFactories implements AutoCloseable {

	static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(20);

	static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

	private final RedisServer server;

	private final List<GovernedLettuceConnectionFactory> factories = new ArrayList<>();

	RedisFactories(RedisServer server) {
		this.server = server;
	}

	GovernedLettuceConnectionFactory start(String clientName, PoolSize size) {
		return start(clientName, LettuceSettings.of(size, ACQUIRE_TIMEOUT, COMMAND_TIMEOUT), (original) -> {
		});
	}

	GovernedLettuceConnectionFactory start(String clientName, LettuceSettings settings,
			Consumer<LettuceConnectionFactory> customizer) {
		RedisStandaloneConfiguration address = new RedisStandaloneConfiguration(this.server.host(), this.server.port());
		LettuceConnectionFactory original = new LettuceConnectionFactory(address,
				LettucePoolingClientConfiguration.builder().clientName(clientName).build());
		customizer.accept(original);
		return start(clientName, original, settings);
	}

	GovernedLettuceConnectionFactory start(String name, LettuceConnectionFactory original, LettuceSettings settings) {
		GovernedLettuceConnectionFactory factory = new GovernedLettuceConnectionFactory(name, original, settings,
				Runnable::run);
		this.factories.add(factory);
		factory.afterPropertiesSet();
		return factory;
	}

	@Override
	public void close() {
		this.factories.forEach(GovernedLettuceConnectionFactory::destroy);
		this.factories.clear();
	}

}
