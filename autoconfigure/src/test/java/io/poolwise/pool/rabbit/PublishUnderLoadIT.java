package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sixty-four threads publish on a real RabbitMQ while the limit goes down and up: nothing
 * fails, and every message is confirmed once and arrives once.
 */
class PublishUnderLoadIT {

	private static final int THREADS = 64;

	private static final String QUEUE = "orders";

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final Map<String, AtomicInteger> confirms = new ConcurrentHashMap<>();

	private final AtomicInteger returns = new AtomicInteger();

	private GovernedRabbit rabbit;

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		if (this.rabbit != null) {
			this.rabbit.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void nothingIsLostOrDoubledWhileTheLimitMoves(Mode mode, TestReporter reporter) throws Exception {
		this.rabbit = new GovernedRabbit(PoolSize.of(0, 16), Duration.ofSeconds(30), mode::configure);
		RabbitTemplate template = template(mode);
		new RabbitAdmin(this.rabbit.factory()).declareQueue(new Queue(QUEUE));
		AtomicBoolean stop = new AtomicBoolean();
		AtomicInteger published = new AtomicInteger();
		CountDownLatch started = new CountDownLatch(THREADS);
		List<Future<?>> workers = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			workers.add(this.threads.submit(() -> {
				started.countDown();
				while (!stop.get()) {
					String id = "m" + published.incrementAndGet();
					mode.publish(template, id);
					// unconfirmed messages would only pile up before the broker
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(mode.pauseMillis));
				}
				return null;
			}));
		}
		assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
		int highest = 0;
		for (int i = 0; i < 20; i++) {
			int limit = ThreadLocalRandom.current().nextInt(2, 17);
			this.rabbit.pool().resize(PoolSize.of(0, limit));
			int before = published.get();
			while (published.get() < before + THREADS && workers.stream().noneMatch(Future::isDone)) {
				highest = Math.max(highest, RabbitBroker.get().channels());
			}
		}
		stop.set(true);
		for (Future<?> worker : workers) {
			worker.get(30, TimeUnit.SECONDS);
		}
		assertThat(highest).isBetween(2, RabbitBroker.CHANNEL_MAX - 1);
		mode.verify(this, template, published.get());
		reporter.publishEntry("RabbitMQ resize " + mode,
				"%d messages once each, highest %d channels".formatted(published.get(), highest));
	}

	private RabbitTemplate template(Mode mode) {
		RabbitTemplate template = new RabbitTemplate(this.rabbit.factory());
		template.setRoutingKey(QUEUE);
		template.setChannelTransacted(mode == Mode.TRANSACTED);
		template.setMandatory(mode != Mode.TRANSACTED);
		if (mode == Mode.CORRELATED) {
			template.setConfirmCallback((data, ack, cause) -> {
				if (ack) {
					this.confirms.computeIfAbsent(data.getId(), (id) -> new AtomicInteger()).incrementAndGet();
				}
			});
		}
		template.setReturnsCallback((returned) -> this.returns.incrementAndGet());
		return template;
	}

	private void arrivedOnce(RabbitTemplate template, int published) {
		template.setChannelTransacted(false);
		this.rabbit.pool().resize(PoolSize.of(0, 4));
		Map<Object, Integer> arrived = new ConcurrentHashMap<>();
		Object message;
		while ((message = template.receiveAndConvert(QUEUE, 1000)) != null) {
			arrived.merge(message, 1, Integer::sum);
		}
		assertThat(arrived).hasSize(published).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
	}

	enum Mode {

		PLAIN(50), SIMPLE(0), CORRELATED(0), RETURNS(50), TRANSACTED(0);

		private final long pauseMillis;

		Mode(long pauseMillis) {
			this.pauseMillis = pauseMillis;
		}

		void configure(CachingConnectionFactory factory) {
			factory.setPublisherConfirmType((this == SIMPLE) ? ConfirmType.SIMPLE
					: (this == CORRELATED) ? ConfirmType.CORRELATED : ConfirmType.NONE);
			factory.setPublisherReturns(this == RETURNS || this == CORRELATED);
		}

		void publish(RabbitTemplate template, String id) throws Exception {
			switch (this) {
				case SIMPLE -> template.invoke((operations) -> {
					operations.convertAndSend(QUEUE, id);
					operations.waitForConfirmsOrDie(30_000);
					return null;
				});
				case CORRELATED -> {
					CorrelationData data = new CorrelationData(id);
					template.convertAndSend(QUEUE, (Object) id, data);
					assertThat(data.getFuture().get(30, TimeUnit.SECONDS).ack()).isTrue();
				}
				case RETURNS -> {
					template.convertAndSend(QUEUE, id);
					template.convertAndSend("nowhere", id);
				}
				default -> template.convertAndSend(QUEUE, id);
			}
		}

		void verify(PublishUnderLoadIT test, RabbitTemplate template, int published) {
			test.arrivedOnce(template, published);
			if (this == CORRELATED) {
				await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(test.confirms).hasSize(published));
				assertThat(test.confirms).allSatisfy((id, times) -> assertThat(times).hasValue(1));
			}
			if (this == RETURNS) {
				await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(test.returns).hasValue(published));
			}
		}

	}

}
