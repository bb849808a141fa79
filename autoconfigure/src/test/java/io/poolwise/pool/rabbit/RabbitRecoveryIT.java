package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import io.poolwise.testservers.RabbitServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.core.AnonymousQueue;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelImpl;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What goes wrong with channels and brokers, on a real RabbitMQ: afterwards the permits
 * are exact.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RabbitRecoveryIT {

	/**
	 * Spring opens a new channel in the place of one that has ended, and tells nobody.
	 */
	private static final Consumer<PoolCounts> NOT_TOLD = (counts) -> {
	};

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private GovernedRabbit rabbit;

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		if (this.rabbit != null) {
			this.rabbit.close();
		}
	}

	@Test
	void aChannelThatTheBrokerClosedGivesItsPermitBack() throws Exception {
		this.rabbit = new GovernedRabbit(PoolSize.of(0, 4), Duration.ofSeconds(5), (factory) -> {
		});
		RabbitTemplate template = new RabbitTemplate(this.rabbit.factory());
		List<Future<?>> callers = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			callers.add(this.threads.submit(() -> {
				assertThatThrownBy(() -> template.execute((channel) -> channel.queueDeclarePassive("missing")))
					.isInstanceOf(AmqpException.class)
					.isNotInstanceOf(AmqpTimeoutException.class);
				return null;
			}));
		}
		for (Future<?> caller : callers) {
			caller.get(60, TimeUnit.SECONDS);
		}
		allPermitsAreThere(4, NOT_TOLD);
	}

	@Test
	void aChannelThatTheBrokerClosesInsteadOfConfirmingLeavesNoneBehind() throws Exception {
		this.rabbit = new GovernedRabbit(PoolSize.of(0, 2), Duration.ofMillis(500),
				(factory) -> factory.setPublisherConfirmType(ConfirmType.CORRELATED));
		RabbitTemplate template = new RabbitTemplate(this.rabbit.factory());
		for (int i = 0; i < 12; i++) {
			CorrelationData data = new CorrelationData();
			template.convertAndSend("missing", "nowhere", "text", data);
			assertThat(data.getFuture().get(30, TimeUnit.SECONDS).ack()).isFalse();
		}
		allPermitsAreThere(2, NOT_TOLD);
	}

	@Test
	void aChannelThatEndsWhileItIsGivenBackLeavesNoneBehind() throws Exception {
		AtomicBoolean ending = new AtomicBoolean();
		this.rabbit = new GovernedRabbit(PoolSize.of(0, 2), Duration.ofMillis(500),
				(factory) -> factory.setPublisherConfirmType(ConfirmType.CORRELATED));
		this.rabbit.factory()
			.setPublisherChannelFactory((channel, callbacks) -> new EndsWhenAsked(channel, callbacks, ending));
		for (int i = 0; i < 4; i++) {
			// Spring loses a permit each time, which is noticed within a second
			Channel channel = await().atMost(30, TimeUnit.SECONDS)
				.ignoreExceptions()
				.until(() -> this.rabbit.factory().createConnection().createChannel(false), Objects::nonNull);
			ending.set(true);
			try {
				channel.close();
			}
			catch (AmqpException | AlreadyClosedException ex) {
				// that it had ended already
			}
			assertThat(ending).isFalse();
		}
		allPermitsAreThere(2, NOT_TOLD);
	}

	@Test
	void stoppedAndStartedAgainItServesAsBefore() throws Exception {
		this.rabbit = new GovernedRabbit(PoolSize.of(0, 3), Duration.ofMillis(500), (factory) -> {
		});
		allPermitsAreThere(3);
		this.rabbit.factory().stop();
		await().atMost(30, TimeUnit.SECONDS).until(() -> this.rabbit.serverConnections() == 0);
		await().atMost(30, TimeUnit.SECONDS).until(() -> this.rabbit.pool().counts().equals(PoolCounts.EMPTY));
		this.rabbit.factory().start();
		allPermitsAreThere(3);
	}

	@Test
	void exclusiveQueuesOfAnAdminAreConsumedByContainers() {
		this.rabbit = new GovernedRabbit(PoolSize.of(0, 3), Duration.ofMillis(500), (factory) -> {
		});
		Queue queue = new AnonymousQueue();
		new RabbitAdmin(this.rabbit.factory()).declareQueue(queue);
		AtomicInteger received = new AtomicInteger();
		SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.rabbit.factory());
		container.setQueues(queue);
		container.setMessageListener((message) -> received.incrementAndGet());
		container.afterPropertiesSet();
		container.start();
		new RabbitTemplate(this.rabbit.factory()).convertAndSend(queue.getName(), "text");
		await().atMost(10, TimeUnit.SECONDS).until(() -> received.get() == 1);
		container.destroy();
	}

	@Test
	void afterARestartOfTheBrokerPermitsAreExact() throws Exception {
		try (RabbitServer server = RabbitServer.builder().channelMax(64).start()) {
			CachingConnectionFactory origin = new CachingConnectionFactory(server.host(), server.port());
			this.rabbit = new GovernedRabbit(origin, PoolSize.of(0, 6), Duration.ofSeconds(2),
					(factory) -> factory.setPublisherConfirmType(ConfirmType.CORRELATED));
			new RabbitAdmin(this.rabbit.factory()).declareQueue(new Queue("durable"));
			SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(this.rabbit.factory());
			container.setQueueNames("durable");
			container.setConcurrentConsumers(3);
			container.setRecoveryInterval(200);
			container.setMessageListener((message) -> {
			});
			container.afterPropertiesSet();
			container.start();
			RabbitTemplate template = new RabbitTemplate(this.rabbit.factory());
			AtomicBoolean stop = new AtomicBoolean();
			AtomicInteger confirmed = new AtomicInteger();
			List<Future<?>> workers = new ArrayList<>();
			for (int i = 0; i < 24; i++) {
				workers.add(this.threads.submit(() -> {
					while (!stop.get()) {
						confirmed.addAndGet(confirmed(template) ? 1 : 0);
					}
				}));
			}
			for (int i = 0; i < 2; i++) {
				int before = confirmed.get();
				await().atMost(20, TimeUnit.SECONDS).until(() -> confirmed.get() > before + 100);
				server.stop();
				await().atMost(10, TimeUnit.SECONDS)
					.until(() -> this.rabbit.pool().probe(Duration.ofSeconds(2)) instanceof ServerProbe.Failed);
				await().atMost(10, TimeUnit.SECONDS).until(() -> this.rabbit.pool().connectFailure().isPresent());
				server.restart();
			}
			int before = confirmed.get();
			await().atMost(30, TimeUnit.SECONDS).until(() -> confirmed.get() > before + 100);
			assertThat(this.rabbit.pool().connectFailure()).isEmpty();
			stop.set(true);
			for (Future<?> worker : workers) {
				worker.get(30, TimeUnit.SECONDS);
			}
			await().atMost(20, TimeUnit.SECONDS).until(() -> container.getActiveConsumerCount() == 3);
			container.destroy();
			allPermitsAreThere(6);
			assertThat(channels(server)).isEqualTo(6);
		}
	}

	private static int channels(RabbitServer server) {
		return (int) server.ctl("list_channels", "pid").lines().filter((line) -> line.startsWith("<")).count();
	}

	private static boolean confirmed(RabbitTemplate template) {
		try {
			CorrelationData data = new CorrelationData();
			template.convertAndSend("", "durable", "text", data);
			return data.getFuture().get(5, TimeUnit.SECONDS).ack();
		}
		catch (Exception ex) {
			return false;
		}
	}

	private void allPermitsAreThere(int permits) {
		allPermitsAreThere(permits, (counts) -> assertThat(counts).isEqualTo(new PoolCounts(permits, 0, permits, 0)));
	}

	/**
	 * Borrows as many as there should be, and no more.
	 */
	private void allPermitsAreThere(int permits, Consumer<PoolCounts> inUse) {
		await().atMost(60, TimeUnit.SECONDS)
			.pollInterval(500, TimeUnit.MILLISECONDS)
			.ignoreExceptions()
			.untilAsserted(() -> {
				List<PoolFixture.Borrowed> borrowed = new ArrayList<>();
				try {
					for (int i = 0; i < permits; i++) {
						borrowed.add(this.rabbit.borrow());
					}
					inUse.accept(this.rabbit.pool().counts());
					assertThatThrownBy(() -> borrowed.add(this.rabbit.borrow()))
						.isInstanceOf(AmqpTimeoutException.class);
				}
				finally {
					for (PoolFixture.Borrowed each : borrowed) {
						each.close();
					}
				}
			});
		await().atMost(30, TimeUnit.SECONDS)
			.untilAsserted(
					() -> assertThat(this.rabbit.pool().counts()).isEqualTo(new PoolCounts(permits, permits, 0, 0)));
	}

	/**
	 * Ends just after it was found open for the last time.
	 */
	private static final class EndsWhenAsked extends PublisherCallbackChannelImpl {

		private final AtomicBoolean ending;

		EndsWhenAsked(Channel delegate, ExecutorService callbacks, AtomicBoolean ending) {
			super(delegate, callbacks);
			this.ending = ending;
		}

		@Override
		public boolean isOpen() {
			boolean open = super.isOpen();
			if (open && this.ending.compareAndSet(true, false)) {
				try {
					getDelegate().exchangeDeclarePassive("missing");
				}
				catch (IOException ex) {
					// which ends it
				}
			}
			return open;
		}

	}

}
