package io.poolwise.bench;

import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.resource.ClientResources;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RabbitServer;
import io.poolwise.testservers.RedisServer;
import io.poolwise.testservers.TestServer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * A kind of pool on a real server, as an application defines it without Poolwise.
 */
enum PoolType implements Titled {

	/** HikariCP on PostgreSQL. */
	DATABASE("HikariCP, PostgreSQL") {

		@Override
		TestServer startServer() {
			return PostgresServer.builder().maxConnections(700).start();
		}

		@Override
		Class<?> beanType() {
			return HikariDataSource.class;
		}

		@Override
		Object define(BeanFactory beans, int port, int size) {
			HikariConfig settings = new HikariConfig();
			settings.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
			settings.setUsername("postgres");
			settings.setPassword("postgres");
			settings.setMaximumPoolSize(size);
			settings.setMinimumIdle(size);
			HikariDataSource pool = new HikariDataSource();
			settings.copyStateTo(pool);
			return pool;
		}

		@Override
		AutoCloseable borrow(BeanFactory beans, String bean) throws Exception {
			return beans.getBean(bean, DataSource.class).getConnection();
		}

		@Override
		List<String> autoConfigurations() {
			return List.of("org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");
		}

	},

	/** Lettuce on Redis, where each borrower has a connection of its own. */
	REDIS("Lettuce, Redis") {

		@Override
		TestServer startServer() {
			return RedisServer.builder().start();
		}

		@Override
		Class<?> beanType() {
			return LettuceConnectionFactory.class;
		}

		@Override
		Object define(BeanFactory beans, int port, int size) {
			GenericObjectPoolConfig<StatefulConnection<?, ?>> settings = new GenericObjectPoolConfig<>();
			settings.setMaxTotal(size);
			settings.setMaxIdle(size);
			LettuceClientConfiguration client = LettucePoolingClientConfiguration.builder()
				.poolConfig(settings)
				.clientResources(beans.getBean(ClientResources.class))
				.build();
			LettuceConnectionFactory pool = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration("127.0.0.1", port), client);
			pool.setShareNativeConnection(false);
			return pool;
		}

		@Override
		AutoCloseable borrow(BeanFactory beans, String bean) {
			RedisConnection connection = beans.getBean(bean, RedisConnectionFactory.class).getConnection();
			connection.ping();
			return connection;
		}

		@Override
		List<String> autoConfigurations() {
			return List.of("org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration");
		}

	},

	/** Spring AMQP's channels on RabbitMQ, of one connection a pool. */
	RABBIT("Spring AMQP, RabbitMQ") {

		@Override
		TestServer startServer() {
			return RabbitServer.builder().start();
		}

		@Override
		Class<?> beanType() {
			return CachingConnectionFactory.class;
		}

		@Override
		Object define(BeanFactory beans, int port, int size) {
			CachingConnectionFactory pool = new CachingConnectionFactory("127.0.0.1", port);
			pool.setUsername("guest");
			pool.setPassword("guest");
			pool.setChannelCacheSize(size);
			return pool;
		}

		@Override
		AutoCloseable borrow(BeanFactory beans, String bean) {
			Connection connection = beans.getBean(bean, ConnectionFactory.class).createConnection();
			return connection.createChannel(false);
		}

		@Override
		List<String> autoConfigurations() {
			return List.of("org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration");
		}

	};

	private final String title;

	PoolType(String title) {
		this.title = title;
	}

	@Override
	public String title() {
		return this.title;
	}

	/**
	 * Starts a server with room for all pools.
	 */
	abstract TestServer startServer();

	/**
	 * The class of {@link #define}.
	 */
	abstract Class<?> beanType();

	/**
	 * Makes a pool that isn't started.
	 * @param beans has what pools share
	 * @param port where the server listens
	 * @param size connections, or channels, that it may have
	 */
	abstract Object define(BeanFactory beans, int port, int size);

	/**
	 * Takes one from a pool.
	 * @return gives it back
	 */
	abstract AutoCloseable borrow(BeanFactory beans, String bean) throws Exception;

	/**
	 * What makes Spring Boot look for such pools.
	 */
	abstract List<String> autoConfigurations();

	/**
	 * The system property that has the server's port.
	 */
	String property() {
		return "bench.port." + name();
	}

}
