package io.poolwise.testservers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Integration tests for {@link RedisServer}.
 */
class RedisServerIT {

	private final RedisClient client = RedisClient.create();

	@AfterEach
	void close() {
		this.client.shutdown();
	}

	@Test
	void grantsExactlyMaxClients() {
		try (RedisServer server = RedisServer.builder().maxClients(12).start()) {
			List<StatefulRedisConnection<String, String>> connections = new ArrayList<>();
			assertThatExceptionOfType(RedisConnectionException.class).isThrownBy(() -> {
				while (true) {
					connections.add(connect(server));
				}
			});
			assertThat(connections).hasSize(12);
			assertThat(connections.get(0).sync().info("clients")).contains("connected_clients:12\r\n")
				.contains("maxclients:12\r\n");
			assertThat(connections.get(0).sync().info("stats")).contains("rejected_connections:1\r\n");
		}
	}

	@Test
	void keepsPortAndDataOverStopKillAndRestart() {
		try (RedisServer server = RedisServer.builder().start()) {
			connect(server).sync().set("a", "1");
			server.stop();
			assertThat(server.isRunning()).isFalse();
			assertThatExceptionOfType(RedisConnectionException.class).isThrownBy(() -> connect(server));
			server.restart();
			assertThat(connect(server).sync().get("a")).isEqualTo("1");
			connect(server).sync().set("a", "2");
			server.kill();
			assertThat(server.isRunning()).isFalse();
			server.restart();
			assertThat(connect(server).sync().get("a")).isEqualTo("2");
		}
	}

	@Test
	void asksForThePassword() {
		try (RedisServer server = RedisServer.builder().password("secret").start()) {
			assertThatExceptionOfType(RedisConnectionException.class).isThrownBy(() -> connect(server));
			StatefulRedisConnection<String, String> connection = this.client.connect(
					RedisURI.builder().withHost(server.host()).withPort(server.port()).withPassword("secret").build());
			assertThat(connection.sync().ping()).isEqualTo("PONG");
		}
	}

	@Test
	void holdsUsersToTheirRules() {
		try (RedisServer server = RedisServer.builder().user("app", "secret", "~* &* +@all -@dangerous").start()) {
			StatefulRedisConnection<String, String> connection = this.client.connect(RedisURI.builder()
				.withHost(server.host())
				.withPort(server.port())
				.withAuthentication("app", "secret")
				.build());
			assertThat(connection.sync().ping()).isEqualTo("PONG");
			assertThatExceptionOfType(RedisCommandExecutionException.class)
				.isThrownBy(() -> connection.sync().info("clients"))
				.withMessageStartingWith("NOPERM");
		}
	}

	@Test
	void speaksTlsOnly() {
		try (RedisServer server = RedisServer.builder().tls().start()) {
			this.client.setOptions(ClientOptions.builder()
				.sslOptions(SslOptions.builder().trustManager(server.certificate().toFile()).build())
				.build());
			StatefulRedisConnection<String, String> connection = this.client
				.connect(RedisURI.builder().withHost(server.host()).withPort(server.port()).withSsl(true).build());
			assertThat(connection.sync().ping()).isEqualTo("PONG");
			this.client.setOptions(ClientOptions.create());
			RedisURI plain = RedisURI.create(server.host(), server.port());
			plain.setTimeout(Duration.ofSeconds(1));
			assertThatExceptionOfType(RedisConnectionException.class).isThrownBy(() -> this.client.connect(plain));
		}
	}

	@Test
	void tellsWhatTheServerSaysAboutABadSetting() {
		assertThatExceptionOfType(ServerStartException.class)
			.isThrownBy(() -> RedisServer.builder().setting("maxclients", "many").start())
			.withMessageContaining("maxclients many");
	}

	private StatefulRedisConnection<String, String> connect(RedisServer server) {
		return this.client.connect(RedisURI.create(server.host(), server.port()));
	}

}
