package io.poolwise.pool.rabbit;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.pool.ServerProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Limits as a real RabbitMQ and its management API tell them, or refuse to.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class RabbitLimitsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

	private final RabbitBroker broker = RabbitBroker.get();

	private final String vhost = this.broker.newVhost();

	private final String user = this.broker.newUser(this.vhost, 17);

	private CachingConnectionFactory origin = this.broker.connectionFactory(this.vhost, this.user);

	@AfterEach
	void close() {
		this.executor.shutdownNow();
		this.origin.destroy();
	}

	@Test
	void withoutManagementTheNegotiatedLimitIsKnown() {
		assertThat(pool(null).readLimits(PATIENCE)).isInstanceOfSatisfying(RabbitReading.Limits.class, (limits) -> {
			assertThat(limits.channelMax()).isEqualTo(RabbitBroker.CHANNEL_MAX);
			assertThat(limits.product()).startsWith("RabbitMQ 3.");
			assertThat(limits.user()).isEqualTo(this.user);
			assertThat(limits.vhost()).isEqualTo(this.vhost);
			assertThat(limits.userChannels()).isNull();
			assertThat(limits.notes()).isEmpty();
		});
		assertThat(this.broker.channels()).isZero();
	}

	@Test
	void managementTellsTheLimitsOfUserAndVirtualHost() {
		this.broker.server().ctl("set_vhost_limits", "-p", this.vhost, "{\"max-connections\": 33}");
		this.broker.server().ctl("set_user_limits", this.user, "{\"max-connections\": 7}");
		RabbitManagedPool pool = pool(management(this.broker.server().managementUrl(), "guest", "guest"));
		assertThat(pool.readLimits(PATIENCE)).isInstanceOfSatisfying(RabbitReading.Limits.class, (limits) -> {
			assertThat(limits.userChannels()).isEqualTo(17);
			assertThat(limits.userConnections()).isEqualTo(7);
			assertThat(limits.vhostConnections()).isEqualTo(33);
			assertThat(limits.nodeSockets()).isPositive();
			assertThat(limits.notes()).isEmpty();
		});
		this.broker.server().ctl("clear_user_limits", this.user, "all");
		assertThat(pool.readLimits(PATIENCE)).isInstanceOfSatisfying(RabbitReading.Limits.class,
				(limits) -> assertThat(limits.userChannels()).isNull());
	}

	@Test
	void namesWithOddCharactersAreAskedFor() {
		String odd = "a/b c+ü%";
		this.broker.server().ctl("add_vhost", odd);
		this.broker.server().ctl("set_permissions", "-p", odd, this.user, ".*", ".*", ".*");
		this.broker.server().ctl("set_vhost_limits", "-p", odd, "{\"max-connections\": 12}");
		this.origin = this.broker.connectionFactory(odd, this.user);
		assertThat(pool(management(this.broker.server().managementUrl(), "guest", "guest")).readLimits(PATIENCE))
			.isInstanceOfSatisfying(RabbitReading.Limits.class, (limits) -> {
				assertThat(limits.userChannels()).isEqualTo(17);
				assertThat(limits.vhostConnections()).isEqualTo(12);
			});
	}

	@Test
	void badCredentialsAreOneClearLineWithoutTheSecret(CapturedOutput output) {
		RabbitManagedPool pool = pool(management(this.broker.server().managementUrl(), "guest", "wrong-secret"));
		assertOnlyNegotiated(pool, "the user 'guest' is refused (401)");
		assertOnlyNegotiated(pool, "the user 'guest' is refused (401)");
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN") && line.contains("management API")))
			.singleElement()
			.satisfies((line) -> assertThat(line).contains("orders: ", "channel_max"));
		assertThat(output).doesNotContain("wrong-secret");
	}

	@Test
	void aUserWithoutTheTagIsRefused() {
		assertOnlyNegotiated(pool(management(this.broker.server().managementUrl(), this.user, this.user)),
				"needs the password and the tag administrator");
	}

	@Test
	void noPluginIsOneClearLine() throws Exception {
		int free;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			free = socket.getLocalPort();
		}
		assertOnlyNegotiated(pool(management("http://127.0.0.1:" + free, "guest", "guest")), "is the plugin on?");
	}

	@Test
	void anotherProtocolIsOneClearLine() {
		assertOnlyNegotiated(pool(management("http://127.0.0.1:" + this.broker.server().port(), "guest", "guest")),
				"management API at http://127.0.0.1:" + this.broker.server().port());
	}

	@Test
	void silenceIsBoundedInTime() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			RabbitManagedPool pool = pool(management("http://127.0.0.1:" + silent.getLocalPort(), "guest", "guest"));
			long begin = System.nanoTime();
			assertOnlyNegotiated(pool, "no answer within 2000 ms");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
		}
	}

	@Test
	void anUnreachableBrokerIsUnavailableAndSaysWhyWithoutASecret() throws Exception {
		this.origin = new CachingConnectionFactory("127.0.0.1", 1);
		this.origin.setPassword("a-secret");
		RabbitManagedPool pool = pool(null);
		assertThat(pool.readLimits(PATIENCE)).isInstanceOfSatisfying(RabbitReading.Unavailable.class,
				(unavailable) -> assertThat(unavailable.reason()).contains("Connection refused")
					.doesNotContain("a-secret"));
		assertThat(pool.probe(PATIENCE)).isInstanceOf(ServerProbe.Failed.class);
	}

	@Test
	void aSilentBrokerIsUnavailableInTime() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.origin = new CachingConnectionFactory("127.0.0.1", silent.getLocalPort());
			RabbitManagedPool pool = pool(null);
			long begin = System.nanoTime();
			assertThat(pool.readLimits(Duration.ofMillis(500))).isInstanceOf(RabbitReading.Unavailable.class);
			assertThat(pool.probe(Duration.ofMillis(500))).isInstanceOf(ServerProbe.Failed.class);
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
		}
	}

	private static void assertOnlyNegotiated(RabbitManagedPool pool, String note) {
		assertThat(pool.readLimits(PATIENCE)).isInstanceOfSatisfying(RabbitReading.Limits.class, (limits) -> {
			assertThat(limits.channelMax()).isEqualTo(RabbitBroker.CHANNEL_MAX);
			assertThat(limits.userChannels()).isNull();
			assertThat(limits.notes()).singleElement().asString().contains(note);
		});
	}

	private RabbitManagedPool pool(RabbitManagement management) {
		return RabbitManagedPool.sizing("orders", this.origin, Duration.ofSeconds(5), management, this.executor);
	}

	private static RabbitManagement management(String url, String username, String password) {
		return RabbitManagement.of(url, username, password,
				(json) -> List.copyOf(JsonParserFactory.getJsonParser().parseList(json)));
	}

}
