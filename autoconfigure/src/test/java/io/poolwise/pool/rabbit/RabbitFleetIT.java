package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several instances of an application at full load on a real RabbitMQ that limits their
 * user's channels, exactly at that limit. The broker is the judge: it ends the connection
 * of whoever exceeds it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RabbitFleetIT {

	private static final int INSTANCES = 3;

	private static final int CHANNELS = 8;

	private static final int THREADS = 24;

	private static final String QUEUE = "orders";

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<AutoCloseable> instances = new ArrayList<>();

	private final RabbitBroker broker = RabbitBroker.get();

	private final String vhost = this.broker.newVhost();

	private final String user = this.broker.newUser(this.vhost, INSTANCES * CHANNELS);

	@AfterEach
	void close() throws Exception {
		this.threads.shutdownNow();
		// whoever still publishes would open a closed connection again
		assertThat(this.threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		for (AutoCloseable instance : this.instances) {
			instance.close();
		}
	}

	@Test
	void aFleetAtFullLoadNeverExceedsTheUsersLimit(TestReporter reporter) throws Exception {
		List<GovernedRabbit> fleet = new ArrayList<>();
		for (int i = 0; i < INSTANCES; i++) {
			fleet.add(instance());
		}
		new RabbitAdmin(fleet.get(0).factory()).declareQueue(new Queue(QUEUE));
		AtomicBoolean stop = new AtomicBoolean();
		AtomicInteger confirmed = new AtomicInteger();
		List<Future<?>> workers = new ArrayList<>();
		for (GovernedRabbit instance : fleet) {
			RabbitTemplate template = new RabbitTemplate(instance.factory());
			for (int i = 0; i < THREADS; i++) {
				workers.add(this.threads.submit(() -> {
					while (!stop.get()) {
						publish(template);
						confirmed.incrementAndGet();
					}
					return null;
				}));
			}
		}
		int highest = 0;
		while (confirmed.get() < 5000 && workers.stream().noneMatch(Future::isDone)) {
			highest = Math.max(highest, this.broker.channels());
		}
		stop.set(true);
		for (Future<?> worker : workers) {
			worker.get(60, TimeUnit.SECONDS);
		}
		reporter.publishEntry("RabbitMQ fleet", "%d events confirmed, highest %d channels of %d"
			.formatted(confirmed.get(), highest, INSTANCES * CHANNELS));
		assertThat(highest).isBetween(INSTANCES, INSTANCES * CHANNELS);
	}

	@Test
	void stockFactoriesLoseTheirConnectionsThere(TestReporter reporter) throws Exception {
		new RabbitAdmin(instance().factory()).declareQueue(new Queue(QUEUE));
		List<Future<?>> workers = new ArrayList<>();
		for (int i = 0; i < INSTANCES; i++) {
			CachingConnectionFactory factory = this.broker.connectionFactory(this.vhost, this.user);
			this.instances.add(factory::destroy);
			factory.setPublisherConfirmType(ConfirmType.CORRELATED);
			factory.setChannelCacheSize(CHANNELS);
			factory.afterPropertiesSet();
			RabbitTemplate template = new RabbitTemplate(factory);
			for (int j = 0; j < THREADS; j++) {
				workers.add(this.threads.submit(() -> {
					for (int k = 0; k < 50; k++) {
						publish(template);
					}
					return null;
				}));
			}
		}
		List<Throwable> failures = new ArrayList<>();
		for (Future<?> worker : workers) {
			try {
				worker.get(60, TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				failures.add(ex);
			}
		}
		reporter.publishEntry("RabbitMQ stock", "%d of %d callers failed".formatted(failures.size(), workers.size()));
		assertThat(failures).anySatisfy(
				(failure) -> assertThat(failure).hasStackTraceContaining("reached the maximum allowed user limit"));
	}

	private static void publish(RabbitTemplate template) throws Exception {
		CorrelationData data = new CorrelationData();
		template.convertAndSend("", QUEUE, "text", data);
		assertThat(data.getFuture().get(30, TimeUnit.SECONDS).ack()).isTrue();
	}

	private GovernedRabbit instance() {
		GovernedRabbit instance = new GovernedRabbit(this.broker.connectionFactory(this.vhost, this.user),
				PoolSize.of(0, CHANNELS), Duration.ofSeconds(30),
				(factory) -> factory.setPublisherConfirmType(ConfirmType.CORRELATED));
		this.instances.add(instance);
		return instance;
	}

}
