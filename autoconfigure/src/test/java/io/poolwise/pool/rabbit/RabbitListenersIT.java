package io.poolwise.pool.rabbit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.rabbitmq.client.MessageProperties;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Listener containers and publishers on one governed factory and a real RabbitMQ: neither
 * starves the other.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RabbitListenersIT {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<AbstractMessageListenerContainer> containers = new ArrayList<>();

	private GovernedRabbit rabbit;

	@AfterEach
	void close() {
		this.containers.forEach(AbstractMessageListenerContainer::destroy);
		this.threads.shutdownNow();
		if (this.rabbit != null) {
			this.rabbit.close();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 5, 10, 50 })
	void neitherSideStarvesUnderFullLoad(int maxSize) throws Exception {
		// as the plan for the listeners adds them
		start(PoolSize.of(0, maxSize + 10), Duration.ofSeconds(5),
				(factory) -> factory.setPublisherConfirmType(ConfirmType.CORRELATED));
		Set<String> received = ConcurrentHashMap.newKeySet();
		RabbitTemplate template = new RabbitTemplate(this.rabbit.factory());
		MessageListener forward = (message) -> {
			// a listener that publishes needs a permit like any publisher
			confirmed(template, "b", text(message));
		};
		simple("a", 6, forward);
		direct("b", 4, (message) -> received.add(text(message)));
		AtomicInteger published = new AtomicInteger();
		AtomicBoolean stop = new AtomicBoolean();
		List<Future<?>> publishers = new ArrayList<>();
		for (int i = 0; i < 64; i++) {
			publishers.add(this.threads.submit(() -> {
				while (!stop.get()) {
					confirmed(template, "a", "m" + published.incrementAndGet());
				}
				return null;
			}));
		}
		int highest = 0;
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
		while (System.nanoTime() < end) {
			highest = Math.max(highest, this.rabbit.serverConnections());
		}
		int receivedUnderLoad = received.size();
		stop.set(true);
		for (Future<?> publisher : publishers) {
			publisher.get(20, TimeUnit.SECONDS);
		}
		assertThat(receivedUnderLoad).isPositive();
		await().atMost(60, TimeUnit.SECONDS).until(() -> received.size() == published.get());
		assertThat(highest).isLessThanOrEqualTo(Math.min(maxSize + 10, RabbitBroker.CHANNEL_MAX));
		assertThat(this.rabbit.pool().counts().used()).isEqualTo(10);
	}

	@Test
	void aTransactedListenerAndItsTemplateShareTheConsumersChannel() {
		start(PoolSize.of(0, 2), Duration.ofMillis(500), (factory) -> {
		});
		RabbitTemplate template = new RabbitTemplate(this.rabbit.factory());
		template.setChannelTransacted(true);
		AtomicInteger attempts = new AtomicInteger();
		SimpleMessageListenerContainer container = simple("a", 1, (message) -> {
			template.convertAndSend("b", text(message));
			if (attempts.incrementAndGet() == 1) {
				throw new IllegalStateException("the first attempt is rolled back with what it has sent");
			}
		});
		container.stop();
		container.setChannelTransacted(true);
		container.setAcknowledgeMode(AcknowledgeMode.AUTO);
		container.start();
		RabbitTemplate plain = new RabbitTemplate(this.rabbit.factory());
		plain.execute((onlyPermit) -> {
			onlyPermit.basicPublish("", "a", MessageProperties.TEXT_PLAIN, "once".getBytes(StandardCharsets.UTF_8));
			await().atMost(10, TimeUnit.SECONDS).until(() -> attempts.get() == 2);
			return null;
		});
		assertThat(plain.receiveAndConvert("b", 5000)).isEqualTo("once");
		assertThat(plain.receiveAndConvert("b", 200)).isNull();
	}

	private static void confirmed(RabbitTemplate template, String queue, String text) {
		CorrelationData data = new CorrelationData();
		template.convertAndSend("", queue, text, data);
		try {
			assertThat(data.getFuture().get(20, TimeUnit.SECONDS).ack()).isTrue();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String text(Message message) {
		return new String(message.getBody(), StandardCharsets.UTF_8);
	}

	private void start(PoolSize size, Duration acquireTimeout, Consumer<CachingConnectionFactory> settings) {
		this.rabbit = new GovernedRabbit(size, acquireTimeout, settings);
		RabbitAdmin admin = new RabbitAdmin(this.rabbit.factory());
		admin.declareQueue(new Queue("a"));
		admin.declareQueue(new Queue("b"));
	}

	private SimpleMessageListenerContainer simple(String queue, int concurrency, MessageListener listener) {
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.rabbit.factory());
		container.setConcurrentConsumers(concurrency);
		return started(container, queue, listener);
	}

	private DirectMessageListenerContainer direct(String queue, int concurrency, MessageListener listener) {
		DirectMessageListenerContainer container = new DirectMessageListenerContainer(this.rabbit.factory());
		container.setConsumersPerQueue(concurrency);
		return started(container, queue, listener);
	}

	private <C extends AbstractMessageListenerContainer> C started(C container, String queue,
			MessageListener listener) {
		container.setQueueNames(queue);
		container.setMessageListener(listener);
		container.afterPropertiesSet();
		container.start();
		this.containers.add(container);
		return container;
	}

}
