package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.Channel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolCounts;
import io.poolwise.testservers.RabbitServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionNameStrategy;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
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
				assertThat(report.target().max()).isEqualTo(5 + 3);
				assertThat(report.actual().size()).isBetween(3 + 1, 5 + 3);
				assertThat(channels()).isEqualTo(report.actual().size());
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

	/**
	 * Spring Boot's factory has no limit: a profile's must not turn callers away.
	 */
	@Test
	void sizeThatNobodyAskedForGivesWayToCallersThatWait(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.onRabbit()
			.with("pool.profile=test", "pool.replicas=1", "spring.rabbitmq.port=" + server.port(),
					"spring.rabbitmq.username=app", "spring.rabbitmq.password=app-secret")
			.run()) {
			CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
			assertThat(report(context.getBean(PoolGovernor.class)).target().max()).isEqualTo(5);
			List<Channel> held = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				held.add(factory.createConnection().createChannel(false));
			}
			// those that raised the limit to 20 stay in the cache
			assertThat(channels()).isBetween(12L, 20L);
			assertThat(output).contains("all 5 channels were held while callers waited");
			held.forEach(RabbitUtils::closeChannel);
		}
	}

	@Test
	void sizeThatSomebodyAskedForStays() {
		application().withPropertyValues("pool.replicas=1", "pool.rabbit.max-size=2", "pool.rabbit.acquire-timeout=3s")
			.run((context) -> {
				CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
				factory.createConnection().createChannel(false);
				factory.createConnection().createChannel(false);
				assertThatExceptionOfType(AmqpTimeoutException.class)
					.isThrownBy(() -> factory.createConnection().createChannel(false));
				assertThat(channels()).isEqualTo(2);
			});
	}

	/**
	 * A template's consumers of replies hold their channels, and no plan knows of them.
	 */
	@Test
	void repliesOfMoreCallersThanChannelsAllCome() throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.onRabbit(Replies.class)
			.with("pool.profile=test", "pool.replicas=1", "spring.rabbitmq.port=" + server.port(),
					"spring.rabbitmq.username=guest", "spring.rabbitmq.password=guest",
					"spring.rabbitmq.template.reply-timeout=60s")
			.run()) {
			RabbitTemplate template = context.getBean(RabbitTemplate.class);
			ExecutorService callers = Executors.newCachedThreadPool();
			List<Future<Object>> replies = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				String text = "question " + i;
				replies.add(callers.submit(() -> template.convertSendAndReceive("questions", (Object) text)));
				int asked = i + 1;
				await().atMost(60, TimeUnit.SECONDS).until(() -> context.getBean(Replies.class).asked.get() == asked);
			}
			context.getBean(Replies.class).answer.countDown();
			for (Future<Object> reply : replies) {
				assertThat(reply.get(60, TimeUnit.SECONDS)).asString().startsWith("question");
			}
			callers.shutdownNow();
			// beside the consumers of replies, which stay for a minute
			template.convertAndSend("questions", "one more");
			template.stop();
		}
	}

	@Test
	void theUsersLimitIsSharedByTheFleetListenersIncluded() {
		application().withUserConfiguration(Listens.class)
			.withPropertyValues("pool.replicas=2", "pool.rabbit.max-size=50",
					"spring.rabbitmq.listener.simple.concurrency=3",
					"pool.rabbit.management.url=" + server.managementUrl(), "pool.rabbit.management.username=guest",
					"pool.rabbit.management.password=guest")
			.run((context) -> {
				PoolReport report = report(context.getBean(PoolGovernor.class));
				// 40 / 2 instances
				assertThat(report.target().max()).isEqualTo(20);
				assertThat(report.reasons()).contains("and 3 for listener containers");
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
				assertThat(report.target().max()).isEqualTo(64);
				assertThat(report.reasons()).contains("and 10 for listener containers")
					.anySatisfy((reason) -> assertThat(reason).contains("channel_max 64"));
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

	/**
	 * Answers when all have asked. Its listener container has more consumers than Boot's
	 * keys say.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableRabbit
	static class Replies {

		private final AtomicInteger asked = new AtomicInteger();

		private final CountDownLatch answer = new CountDownLatch(1);

		@RabbitListener(queuesToDeclare = @org.springframework.amqp.rabbit.annotation.Queue("questions"),
				concurrency = "24")
		String receive(String text) throws InterruptedException {
			this.asked.incrementAndGet();
			assertThat(this.answer.await(60, TimeUnit.SECONDS)).isTrue();
			return text;
		}

		@Bean
		RabbitAdmin admin(ConnectionFactory factory) {
			return new RabbitAdmin(factory);
		}

	}

}
