package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Callers who all come at once and place orders: a row in the database, a transaction in
 * Redis, which needs a connection of its own, and an event that the broker confirms.
 */
final class OrderRush {

	static final String QUEUE = "orders";

	private static final int PATIENCE_SECONDS = 120;

	private final JdbcTemplate database;

	private final List<StringRedisTemplate> redis;

	private final RabbitTemplate rabbit;

	OrderRush(ApplicationContext application) {
		this.database = application.getBean(JdbcTemplate.class);
		this.database.execute("DROP TABLE IF EXISTS orders");
		this.database.execute("CREATE TABLE orders (id text PRIMARY KEY)");
		this.redis = application.getBeansOfType(RedisConnectionFactory.class)
			.values()
			.stream()
			.map(StringRedisTemplate::new)
			.toList();
		this.rabbit = application.getBean(RabbitTemplate.class);
		AmqpAdmin admin = application.getBean(AmqpAdmin.class);
		admin.deleteQueue(QUEUE);
		admin.declareQueue(new Queue(QUEUE));
	}

	/**
	 * Has them all come.
	 * @param callers how many at once
	 * @param orders how many each, one after the other; who fails goes on with the next
	 * @return how many orders were completed, and how many failed where
	 */
	Result run(int callers, int orders) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			CountDownLatch together = new CountDownLatch(callers);
			List<Future<List<Failure>>> all = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				int caller = i;
				all.add(threads.submit(() -> {
					together.countDown();
					together.await();
					List<Failure> failures = new ArrayList<>();
					for (int j = 0; j < orders; j++) {
						Failure failure = place(caller, caller + "-" + j);
						if (failure != null) {
							failures.add(failure);
						}
					}
					return failures;
				}));
			}
			List<Failure> failures = new ArrayList<>();
			for (Future<List<Failure>> each : all) {
				failures.addAll(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
			}
			return new Result(callers * orders - failures.size(), List.copyOf(failures));
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Failure place(int caller, String order) throws InterruptedException {
		String step = "database";
		try {
			this.database.update("INSERT INTO orders VALUES (?)", order);
			step = "redis";
			reserve(this.redis.get(caller % this.redis.size()));
			step = "rabbit";
			CorrelationData confirm = new CorrelationData(order);
			this.rabbit.convertAndSend("", QUEUE, order, confirm);
			if (!confirm.getFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS).ack()) {
				return new Failure(step, new IllegalStateException("not confirmed"));
			}
			return null;
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			return new Failure(step, ex);
		}
	}

	private static void reserve(StringRedisTemplate template) {
		template.execute(new SessionCallback<List<Object>>() {

			@Override
			@SuppressWarnings("unchecked")
			public <K, V> List<Object> execute(RedisOperations<K, V> operations) throws DataAccessException {
				operations.multi();
				operations.opsForValue().increment((K) "reserved");
				operations.opsForValue().increment((K) "orders");
				return operations.exec();
			}

		});
	}

	/**
	 * An order that was not completed.
	 *
	 * @param step where it failed
	 * @param cause why
	 */
	record Failure(String step, Exception cause) {
	}

	/**
	 * What came of it.
	 *
	 * @param completed orders with all three steps
	 * @param failures the others
	 */
	record Result(int completed, List<Failure> failures) {

		Map<String, Integer> failed() {
			Map<String, Integer> failed = new TreeMap<>();
			this.failures.forEach((failure) -> failed.merge(failure.step(), 1, Integer::sum));
			return failed;
		}

		Map<String, Integer> reasons() {
			Map<String, Integer> reasons = new TreeMap<>();
			for (Failure failure : this.failures) {
				Throwable root = failure.cause();
				while (root.getCause() != null) {
					root = root.getCause();
				}
				reasons.merge(failure.step() + ": " + root.getMessage(), 1, Integer::sum);
			}
			return reasons;
		}

	}

}
