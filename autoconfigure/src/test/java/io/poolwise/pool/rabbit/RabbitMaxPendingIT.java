package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.AmqpTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Callers that wait for a channel, or may not, on a real RabbitMQ.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RabbitMaxPendingIT {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final GovernedRabbit rabbit = new GovernedRabbit(PoolSize.of(0, 2), Duration.ofSeconds(60), (factory) -> {
	});

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.rabbit.close();
	}

	@Test
	void callerThatWouldBeOneTooManyIsRefusedAtOnce() throws Exception {
		this.rabbit.pool().maxPending(3);
		List<PoolFixture.Borrowed> held = List.of(this.rabbit.borrow(), this.rabbit.borrow());
		List<Future<?>> waiting = new ArrayList<>();
		for (int i = 1; i <= 3; i++) {
			int count = i;
			waiting.add(this.threads.submit(() -> {
				this.rabbit.borrow().close();
				return null;
			}));
			await().atMost(Duration.ofSeconds(30)).until(() -> this.rabbit.pool().counts().pending() == count);
		}
		assertThatExceptionOfType(RabbitPoolSaturatedException.class).isThrownBy(this.rabbit::borrow)
			.withMessage("Pool 'orders' refused a caller at once: 2 of at most 2 open, 2 in use, 0 free, 3 waiting,"
					+ " and at most 3 may wait (pool.rabbit.max-pending). Try again in 60000 ms.")
			.satisfies((ex) -> {
				assertThat((Throwable) ex).isInstanceOf(AmqpTimeoutException.class);
				assertThat(ex.getShortage().retryAfter()).isEqualTo(Duration.ofSeconds(60));
			});
		assertThat(this.rabbit.pool().trouble().refused()).isEqualTo(1);
		for (PoolFixture.Borrowed each : held) {
			each.close();
		}
		for (Future<?> caller : waiting) {
			caller.get(30, TimeUnit.SECONDS);
		}
		this.rabbit.borrow().close();
		assertThat(this.rabbit.pool().trouble().timeouts()).isZero();
	}

	@Test
	void callerThatFindsAnIdleChannelIsNeverRefused() throws Exception {
		this.rabbit.pool().maxPending(1);
		PoolFixture.Borrowed first = this.rabbit.borrow();
		PoolFixture.Borrowed second = this.rabbit.borrow();
		first.close();
		second.close();
		for (int n = 0; n < 200; n++) {
			this.rabbit.borrow().close();
		}
		assertThat(this.rabbit.pool().trouble().refused()).isZero();
	}

}
