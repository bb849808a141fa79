package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import io.poolwise.pool.PoolSize;
import io.poolwise.testservers.RabbitServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How Spring AMQP keeps its permits for channels, on a real RabbitMQ, and what
 * {@link ChannelLimit} makes of it. The tests of the stock factory fail when Spring
 * changes what is relied on, or mends what is worked around.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChannelLimitIT {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		this.threads.shutdownNow();
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "CORRELATED" })
	void permitsOfChannelsThatAreUsedDuringAnOutageAreNotLost(ConfirmType confirms) throws Exception {
		try (RabbitServer server = RabbitServer.builder().channelMax(64).start()) {
			CachingConnectionFactory stock = stock(server, 10, confirms);
			assertThat(mostAfterAnOutage(server, stock)).as("Spring AMQP alone").isEqualTo(4);
			CachingConnectionFactory factory = new CachingConnectionFactory(server.host(), server.port());
			GovernedRabbit rabbit = new GovernedRabbit(factory, PoolSize.of(0, 10), Duration.ofMillis(500),
					(settings) -> settings.setPublisherConfirmType(confirms));
			this.open.add(rabbit);
			assertThat(most(factory)).isEqualTo(10);
			mostAfterAnOutage(server, factory);
			await().atMost(30, TimeUnit.SECONDS).until(() -> most(factory) == 10);
		}
	}

	@Test
	void busyListenersDoNotStarvePublishersAfterOutages() throws Exception {
		try (RabbitServer server = RabbitServer.builder().channelMax(64).start()) {
			CachingConnectionFactory factory = new CachingConnectionFactory(server.host(), server.port());
			this.open.add(new GovernedRabbit(factory, PoolSize.of(0, 6), Duration.ofSeconds(1), (settings) -> {
			}));
			RabbitTemplate template = new RabbitTemplate(factory);
			new RabbitAdmin(factory).declareQueue(new Queue("work"));
			CountDownLatch end = new CountDownLatch(1);
			Semaphore busy = new Semaphore(0);
			DirectMessageListenerContainer container = new DirectMessageListenerContainer(factory);
			container.setQueueNames("work");
			container.setConsumersPerQueue(4);
			container.setPrefetchCount(1);
			container.setRecoveryInterval(200);
			container.setMonitorInterval(500);
			container.setMessageListener((message) -> {
				busy.release();
				try {
					boolean ended = end.await(700, TimeUnit.MILLISECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			container.afterPropertiesSet();
			container.start();
			this.open.add(0, container::destroy);
			for (int i = 0; i < 2; i++) {
				for (int n = 0; n < 8; n++) {
					template.convertAndSend("", "work", "text");
				}
				assertThat(busy.tryAcquire(4, 30, TimeUnit.SECONDS)).isTrue();
				server.stop();
				server.restart();
				await().atMost(30, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
					template.convertAndSend("", "work", "text");
					return true;
				});
				busy.drainPermits();
			}
			end.countDown();
			await().atMost(30, TimeUnit.SECONDS).ignoreExceptions().until(() -> most(factory) >= 2);
		}
	}

	/**
	 * What Spring's documentation says of {@code setChannelCacheSize} on a factory with a
	 * connection.
	 */
	@Test
	void stockFactoryKeepsItsPermitsWhenItsCacheSizeIsRaised() {
		CachingConnectionFactory stock = stock(RabbitBroker.get().server(), 4, ConfirmType.NONE);
		assertThat(most(stock)).isEqualTo(4);
		stock.setChannelCacheSize(8);
		assertThat(most(stock)).isEqualTo(4);
		stock.setChannelCacheSize(2);
		assertThat(most(stock)).isEqualTo(4);
		assertThat(most(stock)).isEqualTo(2);
	}

	@Test
	void connectionThatWasMadeBeforeTheSizeIsKnownHasTheLimitToo() {
		CachingConnectionFactory factory = RabbitBroker.get().connectionFactory(RabbitBroker.get().newVhost(), "guest");
		factory.createConnection();
		this.open.add(new GovernedRabbit(factory, PoolSize.of(0, 30), Duration.ofMillis(300), (settings) -> {
		}));
		await().atMost(30, TimeUnit.SECONDS).until(() -> most(factory) == 30);
	}

	@Test
	void watchSeesThatNobodyIsServed() throws Exception {
		GovernedRabbit rabbit = new GovernedRabbit(PoolSize.of(0, 2), Duration.ofSeconds(30), (settings) -> {
		});
		this.open.add(rabbit);
		rabbit.borrow();
		assertThat(rabbit.pool().isStarving()).isFalse();
		var second = rabbit.borrow();
		await().atMost(30, TimeUnit.SECONDS).until(() -> rabbit.pool().isStarving());
		second.close();
		await().atMost(30, TimeUnit.SECONDS).until(() -> !rabbit.pool().isStarving());
		rabbit.borrow().close();
	}

	private CachingConnectionFactory stock(RabbitServer server, int limit, ConfirmType confirms) {
		CachingConnectionFactory stock = new CachingConnectionFactory(server.host(), server.port());
		stock.setPublisherConfirmType(confirms);
		stock.setChannelCacheSize(limit);
		stock.setChannelCheckoutTimeout(500);
		stock.afterPropertiesSet();
		this.open.add(stock::destroy);
		return stock;
	}

	/**
	 * Six channels are borrowed, the broker goes, they are used, and it comes back.
	 */
	private int mostAfterAnOutage(RabbitServer server, CachingConnectionFactory factory) throws Exception {
		RabbitTemplate template = new RabbitTemplate(factory);
		CountDownLatch borrowed = new CountDownLatch(6);
		CountDownLatch down = new CountDownLatch(1);
		List<Future<?>> publishers = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			publishers.add(this.threads.submit(() -> assertThatExceptionOfType(AmqpException.class)
				.isThrownBy(() -> template.execute((channel) -> {
					borrowed.countDown();
					down.await();
					channel.basicPublish("", "nowhere", null, new byte[1]);
					return null;
				}))));
		}
		assertThat(borrowed.await(30, TimeUnit.SECONDS)).isTrue();
		server.stop();
		down.countDown();
		for (Future<?> publisher : publishers) {
			publisher.get(30, TimeUnit.SECONDS);
		}
		server.restart();
		template.convertAndSend("", "nowhere", "text");
		return most(factory);
	}

	/**
	 * How many channels can be borrowed at the same time.
	 */
	private static int most(CachingConnectionFactory factory) {
		List<Channel> channels = new ArrayList<>();
		try {
			while (channels.size() < 50) {
				channels.add(factory.createConnection().createChannel(false));
			}
		}
		catch (AmqpTimeoutException ex) {
			// that was the most
		}
		channels.forEach(RabbitUtils::closeChannel);
		return channels.size();
	}

}
