package io.poolwise.testservers;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Integration tests for {@link RabbitServer}.
 */
class RabbitServerIT {

	private static RabbitServer server;

	@BeforeAll
	static void start() {
		server = RabbitServer.builder()
			.channelMax(7)
			.management()
			.user("app", "secret")
			.userLimit("app", "max-channels", 3)
			.vhostLimit("max-queues", 50)
			.start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void grantsExactlyChannelMax() throws Exception {
		try (Connection connection = connect("guest", "guest")) {
			assertThat(connection.getChannelMax()).isEqualTo(7);
			for (int i = 0; i < 7; i++) {
				assertThat(connection.createChannel()).isNotNull();
			}
			assertThat(connection.createChannel()).isNull();
		}
	}

	@Test
	void holdsAUserToItsLimit() throws Exception {
		Connection connection = connect("app", "secret");
		for (int i = 0; i < 3; i++) {
			assertThat(connection.createChannel()).isNotNull();
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(connection::createChannel)
			.havingRootCause()
			.withMessageContaining("reached the maximum allowed user limit of (3)");
		assertThat(connection.isOpen()).isFalse();
	}

	@Test
	void showsItsLimitsInTheManagementApi() throws Exception {
		assertThat(get("/api/user-limits/app")).contains("\"max-channels\":3");
		assertThat(get("/api/vhost-limits")).contains("\"max-queues\":50");
	}

	@Test
	void obeysRabbitmqctl() throws Exception {
		server.ctl("set_user_limits", "guest", "{\"max-channels\": 2}");
		assertThat(get("/api/user-limits/guest")).contains("\"max-channels\":2");
		server.ctl("clear_user_limits", "guest", "max-channels");
		assertThat(get("/api/user-limits/guest")).isEqualTo("[]");
		assertThatExceptionOfType(ServerStartException.class).isThrownBy(() -> server.ctl("no_such_command"))
			.withMessageContaining("no_such_command");
	}

	@Test
	void keepsPortAndPersistentMessagesOverStopKillAndRestart() throws Exception {
		try (Connection connection = connect("guest", "guest"); Channel channel = connection.createChannel()) {
			channel.queueDeclare("kept", true, false, false, null);
			channel.confirmSelect();
			channel.basicPublish("", "kept", MessageProperties.PERSISTENT_TEXT_PLAIN,
					"hello".getBytes(StandardCharsets.UTF_8));
			channel.waitForConfirmsOrDie(5000);
		}
		server.stop();
		assertThat(server.isRunning()).isFalse();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect("guest", "guest"));
		server.restart();
		server.kill();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect("guest", "guest"));
		server.restart();
		try (Connection connection = connect("guest", "guest"); Channel channel = connection.createChannel()) {
			assertThat(channel.basicGet("kept", true).getBody()).asString().isEqualTo("hello");
		}
	}

	@Test
	void tellsWhatTheServerSaysAboutABadSetting() {
		assertThatExceptionOfType(ServerStartException.class)
			.isThrownBy(() -> RabbitServer.builder().setting("channel_max", "many").start())
			.withMessageContaining("channel_max");
	}

	private static Connection connect(String user, String password) throws Exception {
		ConnectionFactory factory = new ConnectionFactory();
		factory.setHost(server.host());
		factory.setPort(server.port());
		factory.setUsername(user);
		factory.setPassword(password);
		factory.setAutomaticRecoveryEnabled(false);
		return factory.newConnection();
	}

	private static String get(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(server.managementUrl() + path))
			.header("Authorization",
					"Basic " + Base64.getEncoder()
						.encodeToString((server.username() + ":" + server.password()).getBytes(StandardCharsets.UTF_8)))
			.timeout(Duration.ofSeconds(20))
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

}
