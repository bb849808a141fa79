package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link SerialTask}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SerialTaskTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ExecutorService executor = Executors.newFixedThreadPool(4);

	private final AtomicInteger runs = new AtomicInteger();

	@AfterEach
	void close() {
		this.executor.shutdownNow();
	}

	@Test
	void runsOnceForRequestsThatItHasNotServed() {
		Deque<Runnable> held = new ArrayDeque<>();
		SerialTask task = new SerialTask(() -> "primary", this::count, held::add);
		task.request();
		task.request();
		assertThat(held).hasSize(1);
		held.remove().run();
		assertThat(this.runs).hasValue(1);
		task.request();
		assertThat(held).hasSize(1);
		held.remove().run();
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void runsOnceMoreForRequestsThatComeWhileItRuns() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch requested = new CountDownLatch(1);
		AtomicInteger atOnce = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		SerialTask task = new SerialTask(() -> "primary", () -> {
			most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
			running.countDown();
			await().atMost(PATIENCE).until(() -> requested.getCount() == 0);
			atOnce.decrementAndGet();
			return count();
		}, this.executor);
		task.request();
		assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
		task.request();
		task.request();
		requested.countDown();
		await().atMost(PATIENCE).until(() -> this.runs.get() == 2 && atOnce.get() == 0);
		assertThat(most).hasValue(1);
	}

	@Test
	void runsAgainAfterItsPause() {
		SerialTask task = new SerialTask(() -> "primary", () -> (count() < 0 && this.runs.get() < 3) ? 1 : -1,
				this.executor);
		task.request();
		await().atMost(PATIENCE).until(() -> this.runs.get() == 3);
	}

	@Test
	void aRequestReplacesThePause() {
		SerialTask task = new SerialTask(() -> "primary", () -> (count() < 0 && this.runs.get() == 1) ? 300_000 : -1,
				this.executor);
		task.request();
		await().atMost(PATIENCE).until(() -> this.runs.get() == 1);
		task.request();
		await().atMost(PATIENCE).until(() -> this.runs.get() == 2);
	}

	@Test
	void isRepeatedAfterAnError() {
		SerialTask task = new SerialTask(() -> "primary", () -> {
			if (count() < 0 && this.runs.get() < 3) {
				throw new OutOfMemoryError("once more");
			}
			return SerialTask.DONE;
		}, this.executor);
		task.request();
		await().atMost(PATIENCE).until(() -> this.runs.get() == 3);
	}

	@Test
	void anExecutorThatRefusesIsAskedAgainWithTheNextRequest() {
		AtomicInteger asked = new AtomicInteger();
		SerialTask task = new SerialTask(() -> "primary", this::count, (run) -> {
			if (asked.incrementAndGet() == 1) {
				throw new RejectedExecutionException("full");
			}
			run.run();
		});
		task.request();
		assertThat(this.runs).hasValue(0);
		task.request();
		assertThat(this.runs).hasValue(1);
	}

	private long count() {
		this.runs.incrementAndGet();
		return SerialTask.DONE;
	}

}
