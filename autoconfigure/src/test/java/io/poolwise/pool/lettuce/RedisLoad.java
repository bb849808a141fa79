package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Threads that use connections of every type as fast as they can, and check each answer.
 */
final class RedisLoad implements AutoCloseable {

	private static final String COUNTER = "transactions";

	private final List<StringRedisTemplate> templates = new ArrayList<>();

	private final List<ReactiveStringRedisTemplate> reactive = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final AtomicLong transactions = new AtomicLong();

	private final AtomicLong done = new AtomicLong();

	private volatile boolean stop;

	RedisLoad(List<? extends LettuceConnectionFactory> factories, int threads) {
		for (LettuceConnectionFactory factory : factories) {
			this.templates.add(new StringRedisTemplate(factory));
			this.reactive.add(new ReactiveStringRedisTemplate(factory));
		}
		for (int i = 0; i < threads; i++) {
			int number = i;
			Thread thread = new Thread(() -> run(number), "load-" + i);
			this.threads.add(thread);
			thread.start();
		}
	}

	private void run(int number) {
		StringRedisTemplate template = this.templates.get(number % this.templates.size());
		ReactiveStringRedisTemplate reactive = this.reactive.get(number % this.reactive.size());
		while (!this.stop) {
			try {
				switch (ThreadLocalRandom.current().nextInt(4)) {
					case 0 -> transaction(template);
					case 1 -> blocking(template, "list-" + number);
					case 2 -> reactive(reactive, "value-" + number);
					default -> plain(template, "value-" + number);
				}
				this.done.incrementAndGet();
			}
			catch (RuntimeException | AssertionError ex) {
				this.failures.add(ex);
			}
		}
	}

	private void transaction(StringRedisTemplate template) {
		List<Object> results = template.execute(new SessionCallback<>() {

			@Override
			@SuppressWarnings("unchecked")
			public <K, V> List<Object> execute(RedisOperations<K, V> operations) {
				RedisOperations<String, String> strings = (RedisOperations<String, String>) operations;
				strings.multi();
				strings.opsForValue().increment(COUNTER);
				return strings.exec();
			}

		});
		check(results != null && results.size() == 1, "transaction gave " + results);
		this.transactions.incrementAndGet();
	}

	private void blocking(StringRedisTemplate template, String key) {
		template.opsForList().rightPush(key, "element");
		String element = template.opsForList().leftPop(key, Duration.ofSeconds(5));
		check("element".equals(element), "blocking pop gave " + element);
	}

	private void reactive(ReactiveStringRedisTemplate template, String key) {
		Boolean set = template.opsForValue().set(key, "value").block(Duration.ofSeconds(30));
		check(Boolean.TRUE.equals(set), "reactive set gave " + set);
	}

	private void plain(StringRedisTemplate template, String key) {
		template.opsForValue().set(key, "value");
		check("value".equals(template.opsForValue().get(key)), "get gave something else");
	}

	private static void check(boolean right, String problem) {
		if (!right) {
			throw new AssertionError(problem);
		}
	}

	Queue<Throwable> failures() {
		return this.failures;
	}

	long done() {
		return this.done.get();
	}

	/**
	 * Transactions that were acknowledged.
	 */
	long transactions() {
		return this.transactions.get();
	}

	/**
	 * Transactions that the server has seen.
	 */
	static long counted(RedisAdmin admin) {
		return Long.parseLong(admin.commands().get(COUNTER));
	}

	@Override
	public void close() throws InterruptedException {
		this.stop = true;
		for (Thread thread : this.threads) {
			thread.join(Duration.ofSeconds(40).toMillis());
		}
	}

}
