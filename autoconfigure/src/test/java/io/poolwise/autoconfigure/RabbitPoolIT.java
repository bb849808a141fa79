package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.rabbit.RabbitPoolSaturatedException;
import io.poolwise.testservers.RabbitServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionNameStrategy;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.metrics.RabbitMetricsAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A Boot application with a real RabbitMQ, its listeners, its publishers and its own
 * settings.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class RabbitPoolIT {

	private static RabbitServer server;

	@BeforeAll
	static void start() {
		server = RabbitServer.builder()
			.channelMax(64)
			.management()
			.user("app", "app-secret")
			.userLimit("app", "max-channels", 40)
			.start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	private ApplicationContextRunner application() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
					RabbitAutoConfiguration.class))
			.withPropertyValues("spring.rabbitmq.host=" + server.host(), "spring.rabbitmq.port=" + server.port(),
					"spring.rabbitmq.username=app", "spring.rabbitmq.password=app-secret",
					"spring.rabbitmq.publisher-confirm-type=correlated");
	}

	@Test
	void publishersAndListenersWorkWithinTheLimit(CapturedOutput output) {
		application().withUserConfiguration(Listens.class)
			.withPropertyValues("pool.replicas=1", "pool.rabbit.max-size=5",
					"spring.rabbitmq.listener.simple.concurrency=3")
			.run((context) -> {
				RabbitTemplate template = context.getBean(RabbitTemplate.class);
				publish(template, 64, 500);
				Listens listens = context.getBean(Listens.class);
				await().atMost(30, TimeUnit.SECONDS).until(() -> listens.received.size() == 500);
				PoolReport report = report(context.getBean(PoolGovernor.class));
				assertThat(report.actual().size()).isBetween(1, 5);
				assertThat(channels()).isEqualTo(report.actual().size() + 3);
				assertThat(connections()).singleElement().asString().startsWith("orders-service");
				// its consumers would connect again
				context.getBean(RabbitListenerEndpointRegistry.class).stop();
				context.getBean(CachingConnectionFactory.class).stop();
				// the client tells of its closed channels on a thread of its own
				await().atMost(30, TimeUnit.SECONDS)
					.until(() -> report(context.getBean(PoolGovernor.class)).actual().equals(PoolCounts.EMPTY));
			});
		await().atMost(30, TimeUnit.SECONDS).until(() -> channels() == 0);
		assertThat(connections()).isEmpty();
		assertThat(output).doesNotContain("app-secret");
	}

	@Test
	void callersThatMayWaitAreBounded() {
		application()
			.withPropertyValues("pool.replicas=1", "pool.rabbit.max-size=1", "pool.rabbit.max-pending=1",
					"pool.rabbit.acquire-timeout=60s")
			.run((context) -> {
				CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
				PoolGovernor governor = context.getBean(PoolGovernor.class);
				Channel held = factory.createConnection().createChannel(false);
				Thread waiting = new Thread(
						() -> RabbitUtils.closeChannel(factory.createConnection().createChannel(false)));
				waiting.start();
				await().atMost(30, TimeUnit.SECONDS).until(() -> report(governor).actual().pending() == 1);
				assertThatExceptionOfType(RabbitPoolSaturatedException.class)
					.isThrownBy(() -> factory.createConnection().createChannel(false));
				assertThat(governor.activity(report(governor).name()).trouble().refused()).isEqualTo(1);
				RabbitUtils.closeChannel(held);
				waiting.join(30_000);
				assertThat(waiting.isAlive()).isFalse();
			});
	}

	@Test
	void theUsersLimitIsSharedByTheFleetAndListenersAreTakenFromIt() {
		application().withUserConfiguration(Listens.class)
			.withPropertyValues("pool.replicas=2", "pool.rabbit.max-size=50",
					"spring.rabbitmq.listener.simple.concurrency=3",
					"pool.rabbit.management.url=" + server.managementUrl(), "pool.rabbit.management.username=guest",
					"pool.rabbit.management.password=guest")
			.run((context) -> {
				PoolReport report = report(context.getBean(PoolGovernor.class));
				// 40 / 2 instances - 3 listeners
				assertThat(report.target().max()).isEqualTo(17);
				assertThat(report.reasons())
					.anySatisfy((reason) -> assertThat(reason).contains("the user may open 40"));
			});
	}

	@Test
	void aRefusedPasswordOfTheManagementApiIsNotShown(CapturedOutput output) {
		try (ConfigurableApplicationContext context = TestApplication.onRabbit()
			.with("pool.replicas=1", "spring.rabbitmq.port=" + server.port(), "spring.rabbitmq.username=app",
					"spring.rabbitmq.password=app-secret", "pool.rabbit.management.url=" + server.managementUrl(),
					"pool.rabbit.management.username=app", "pool.rabbit.management.password=geheim")
			.run()) {
			assertThat(report(context.getBean(PoolGovernor.class)).target().max()).isEqualTo(10);
		}
		assertThat(output).contains("the user 'app' is refused (401)").doesNotContain("geheim", "app-secret");
	}

	@Test
	void oneConnectIsLoggedOnce(CapturedOutput output) {
		try (ConfigurableApplicationContext context = TestApplication.onRabbit()
			.with("pool.replicas=1", "spring.rabbitmq.port=" + server.port(), "spring.rabbitmq.username=app",
					"spring.rabbitmq.password=app-secret")
			.run()) {
			context.getBean(RabbitTemplate.class).execute((channel) -> channel.isOpen());
		}
		assertThat(output).containsOnlyOnce("Attempting to connect to").containsOnlyOnce("Created new connection");
	}

	@Test
	void whatOneConnectionCarriesBoundsThePool() {
		application().withUserConfiguration(Listens.class)
			.withPropertyValues("pool.replicas=1", "pool.rabbit.max-size=500",
					"spring.rabbitmq.listener.simple.concurrency=3",
					"spring.rabbitmq.listener.simple.max-concurrency=10")
			.run((context) -> {
				PoolReport report = report(context.getBean(PoolGovernor.class));
				assertThat(report.target().max()).isEqualTo(54);
				assertThat(report.reasons())
					.anySatisfy((reason) -> assertThat(reason).contains("channel_max 64").contains("10 of listeners"));
			});
	}

	@Test
	void moreListenersThanAConnectionCarriesAreWarnedOf(CapturedOutput output) {
		application().withUserConfiguration(Listens.class)
			.withPropertyValues("pool.replicas=1", "spring.rabbitmq.listener.simple.concurrency=1",
					"spring.rabbitmq.listener.simple.max-concurrency=70")
			.run((context) -> assertThat(output).contains(
					"rabbitConnectionFactory: the listener containers may need 70 channels, more than their connection carries"));
	}

	@Test
	void bootsMetricsSeeTheRealConnections() {
		application().withConfiguration(AutoConfigurations.of(RabbitMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("pool.replicas=1", "pool.rabbit.max-size=5")
			.run((context) -> {
				publish(context.getBean(RabbitTemplate.class), 2, 10);
				SimpleMeterRegistry meters = context.getBean(SimpleMeterRegistry.class);
				assertThat(meters.get("rabbitmq.connections").gauge().value()).isEqualTo(1);
				assertThat(meters.get("rabbitmq.published").counter().count()).isEqualTo(10);
			});
	}

	private static void publish(RabbitTemplate template, int threads, int messages) throws Exception {
		ExecutorService publishers = Executors.newFixedThreadPool(threads);
		try {
			List<Future<Boolean>> confirms = new ArrayList<>();
			for (int i = 0; i < messages; i++) {
				String text = "m" + i;
				confirms.add(publishers.submit(() -> {
					CorrelationData data = new CorrelationData();
					template.convertAndSend("", "orders", text, data);
					return data.getFuture().get(20, TimeUnit.SECONDS).ack();
				}));
			}
			for (Future<Boolean> confirm : confirms) {
				assertThat(confirm.get(30, TimeUnit.SECONDS)).isTrue();
			}
		}
		finally {
			publishers.shutdownNow();
		}
	}

	private static PoolReport report(PoolGovernor governor) {
		return governor.pool("rabbitConnectionFactory").orElseThrow();
	}

	private static long channels() {
		return server.ctl("list_channels", "pid").lines().filter((line) -> line.startsWith("<")).count();
	}

	private static List<String> connections() {
		return server.ctl("list_connections", "client_properties")
			.lines()
			.filter((line) -> line.contains("connection_name"))
			.map((line) -> line.replaceAll(".*\"connection_name\",\"([^\"]*)\".*", "$1"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Listens {

		private final Set<String> received = ConcurrentHashMap.newKeySet();

		@RabbitListener(queues = "orders")
		void receive(String text, Channel channel) {
			this.received.add(text);
		}

		@Bean
		Queue orders() {
			return new Queue("orders");
		}

		@Bean
		ConnectionNameStrategy names() {
			return (factory) -> "orders-service";
		}

	}

}
