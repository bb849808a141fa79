package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RabbitServer;
import io.poolwise.testservers.RedisServer;

/**
 * Asks three servers again and again what is open there, until it is closed.
 */
final class ServerWatch implements AutoCloseable {

	private final Sessions sessions;

	private final RedisClient client;

	private final RedisCommands<String, String> redis;

	private final RabbitServer rabbit;

	private final ExecutorService thread = Executors.newSingleThreadExecutor();

	private volatile Highest highest = new Highest(0, 0, 0);

	ServerWatch(PostgresServer postgres, RedisServer redis, RabbitServer rabbit) throws SQLException {
		this.sessions = new Sessions(postgres);
		this.client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
		this.redis = this.client.connect().sync();
		this.rabbit = rabbit;
		look();
		this.thread.submit(() -> {
			while (!this.thread.isShutdown()) {
				look();
			}
			return null;
		});
	}

	private void look() throws SQLException {
		int sessions = this.sessions
			.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
		this.highest = this.highest.and(sessions, number("clients", "connected_clients"), this.rabbit.channels());
	}

	/**
	 * Connections that Redis refused since it was started.
	 */
	int refusedByRedis() {
		return number("stats", "rejected_connections");
	}

	private int number(String section, String field) {
		return this.redis.info(section)
			.lines()
			.filter((line) -> line.startsWith(field + ":"))
			.mapToInt((line) -> Integer.parseInt(line.substring(field.length() + 1).strip()))
			.sum();
	}

	/**
	 * What was open at most, what this watch needs itself included.
	 */
	Highest highest() {
		return this.highest;
	}

	@Override
	public void close() throws Exception {
		this.thread.shutdown();
		this.thread.awaitTermination(30, TimeUnit.SECONDS);
		this.client.shutdown();
		this.sessions.close();
	}

	/**
	 * The highest numbers that the servers told.
	 *
	 * @param sessions of PostgreSQL
	 * @param clients of Redis
	 * @param channels of RabbitMQ
	 */
	record Highest(int sessions, int clients, int channels) {

		private Highest and(int sessions, int clients, int channels) {
			return new Highest(Math.max(this.sessions, sessions), Math.max(this.clients, clients),
					Math.max(this.channels, channels));
		}

	}

}
