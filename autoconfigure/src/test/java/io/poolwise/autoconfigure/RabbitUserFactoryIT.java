package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.poolwise.testservers.RabbitServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.rabbit.connection.AbstractConnectionFactory.AddressShuffleMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.CacheMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.ChannelListener;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelImpl;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An application that made its own connection factory, with all that code can set, on a
 * real RabbitMQ: with the starter each setting works as without it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RabbitUserFactoryIT {

	private static RabbitServer server;

	@BeforeAll
	static void start() {
		server = RabbitServer.builder().channelMax(64).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void everySettingOfTheFactorysMethodWorksAsWithoutTheStarter() throws Exception {
		Map<String, Object> stock = seen(false);
		assertThat(stock).containsEntry("connections", 1)
			.containsEntry("channels", 2)
			.containsEntry("channel factory", 3)
			.containsEntry("close logger", 1)
			.containsEntry("connection closed", 1)
			.containsEntry("failed after the own timeout", true)
			.containsEntry("name", "orders-service")
			.containsEntry("executor", true)
			.containsEntry("first address", true);
		assertThat(seen(true)).isEqualTo(stock);
	}

	@Test
	void connectionCacheOfOneConnectionServesAWaiterAndCloses() throws Exception {
		Connections stock = connections(false);
		Connections ours = connections(true);
		assertThat(stock.served).isTrue();
		assertThat(ours.served).isTrue();
		// a return is what it waits for, not its timeout
		assertThat(ours.waited).isLessThan(Duration.ofSeconds(20));
		assertThat(ours.closed).isLessThan(stock.closed.plusSeconds(3));
	}

	private static TestApplication application(boolean poolwise, Class<?> source) {
		return TestApplication.onRabbit(source)
			.with("pool.enabled=" + poolwise, "pool.replicas=1", "pool.profile=test", "broker=" + server.port());
	}

	/**
	 * Uses the factory, and tells what its settings did.
	 */
	private static Map<String, Object> seen(boolean poolwise) throws Exception {
		Map<String, Object> seen = new TreeMap<>();
		ConfigurableApplicationContext context = application(poolwise, Everything.class).run();
		Everything settings = context.getBean(Everything.class);
		try (context) {
			CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
			RabbitTemplate template = context.getBean(RabbitTemplate.class);
			CorrelationData confirm = new CorrelationData();
			template.convertAndSend("", "nowhere", "text", confirm);
			seen.put("confirmed", confirm.getFuture().get(30, TimeUnit.SECONDS).ack());
			// a channel is back once it was confirmed and that was told
			await().atMost(30, TimeUnit.SECONDS)
				.until(() -> factory.getCacheProperties().getProperty("idleChannelsNotTx").equals("1"));
			List<Channel> held = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				held.add(factory.createConnection().createChannel(false));
			}
			long started = System.nanoTime();
			assertThatExceptionOfType(AmqpTimeoutException.class)
				.isThrownBy(() -> factory.createConnection().createChannel(false));
			seen.put("failed after the own timeout", System.nanoTime() - started >= TimeUnit.MILLISECONDS.toNanos(400));
			held.forEach(RabbitUtils::closeChannel);
			assertThatExceptionOfType(AmqpException.class)
				.isThrownBy(() -> template.execute((channel) -> channel.queueDeclarePassive("missing")));
			await().atMost(30, TimeUnit.SECONDS)
				.until(() -> settings.logged.get() == 1 && settings.channelShutdowns.get() == 1);
			template.execute((channel) -> channel.isOpen());
			seen.put("name", template.execute((channel) -> channel.getConnection().getClientProvidedName()));
			seen.put("first address",
					template.execute((channel) -> channel.getConnection().getPort()) == server.port());
			seen.put("cache size", factory.getChannelCacheSize());
			seen.put("type", factory.getClass());
			seen.put("channels", settings.channels.get());
			seen.put("channel factory", settings.wrapped.get());
			seen.put("close logger", settings.logged.get());
			seen.put("connections", settings.connections.get());
		}
		seen.put("connection closed", settings.closed.get());
		seen.put("executor", settings.threads.stream().anyMatch((name) -> name.startsWith("own-executor")));
		return seen;
	}

	private static Connections connections(boolean poolwise) throws Exception {
		ConfigurableApplicationContext context = application(poolwise, OneConnection.class).run();
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try {
			CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
			Connection held = factory.createConnection();
			Channel channel = held.createChannel(false);
			Future<Duration> waiter = threads.submit(() -> {
				long began = System.nanoTime();
				Connection connection = factory.createConnection();
				RabbitUtils.closeChannel(connection.createChannel(false));
				connection.close();
				return Duration.ofNanos(System.nanoTime() - began);
			});
			assertThat(waiter).isNotDone();
			RabbitUtils.closeChannel(channel);
			held.close();
			Duration waited = waiter.get(40, TimeUnit.SECONDS);
			long closing = System.nanoTime();
			context.close();
			return new Connections(true, waited, Duration.ofNanos(System.nanoTime() - closing));
		}
		finally {
			threads.shutdownNow();
			context.close();
		}
	}

	private record Connections(boolean served, Duration waited, Duration closed) {
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	static class Everything implements ChannelListener, ConnectionListener {

		private final AtomicInteger channels = new AtomicInteger();

		private final AtomicInteger channelShutdowns = new AtomicInteger();

		private final AtomicInteger connections = new AtomicInteger();

		private final AtomicInteger closed = new AtomicInteger();

		private final AtomicInteger wrapped = new AtomicInteger();

		private final AtomicInteger logged = new AtomicInteger();

		private final Set<String> threads = ConcurrentHashMap.newKeySet();

		@Bean
		CachingConnectionFactory orders(Environment environment) {
			CachingConnectionFactory factory = new CachingConnectionFactory();
			int port = environment.getRequiredProperty("broker", Integer.class);
			factory.setAddresses("127.0.0.1:" + port + ",127.0.0.1:1");
			factory.setAddressShuffleMode(AddressShuffleMode.NONE);
			factory.setChannelCacheSize(2);
			factory.setChannelCheckoutTimeout(500);
			factory.setPublisherConfirmType(ConfirmType.CORRELATED);
			factory.setChannelListeners(List.of(this));
			factory.setConnectionListeners(List.of(this));
			factory.setCloseExceptionLogger((log, message, failure) -> this.logged.incrementAndGet());
			factory.setPublisherChannelFactory((channel, callbacks) -> {
				this.wrapped.incrementAndGet();
				return new PublisherCallbackChannelImpl(channel, callbacks);
			});
			factory.setConnectionNameStrategy((any) -> "orders-service");
			factory.setExecutor(Executors.newCachedThreadPool((task) -> {
				Thread thread = new Thread(task, "own-executor");
				thread.setDaemon(true);
				this.threads.add(thread.getName());
				return thread;
			}));
			return factory;
		}

		@Bean
		RabbitTemplate template(CachingConnectionFactory orders) {
			return new RabbitTemplate(orders);
		}

		@Override
		public void onCreate(Channel channel, boolean transactional) {
			this.channels.incrementAndGet();
		}

		@Override
		public void onCreate(@Nullable Connection connection) {
			this.connections.incrementAndGet();
		}

		@Override
		public void onClose(Connection connection) {
			this.closed.incrementAndGet();
		}

		@Override
		public void onShutDown(ShutdownSignalException signal) {
			if (!signal.isHardError()) {
				this.channelShutdowns.incrementAndGet();
			}
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	static class OneConnection {

		@Bean
		CachingConnectionFactory orders(Environment environment) {
			CachingConnectionFactory factory = new CachingConnectionFactory("127.0.0.1",
					environment.getRequiredProperty("broker", Integer.class));
			factory.setCacheMode(CacheMode.CONNECTION);
			factory.setConnectionLimit(1);
			factory.setChannelCheckoutTimeout(30_000);
			return factory;
		}

	}

}
