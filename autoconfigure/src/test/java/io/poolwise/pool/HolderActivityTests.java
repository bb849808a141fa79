package io.poolwise.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link HolderActivity}.
 */
class HolderActivityTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			java.util.concurrent.ThreadPoolExecutor,             getTask,     IDLE
			org.apache.tomcat.util.threads.ThreadPoolExecutor,   getTask,     IDLE
			java.util.concurrent.ForkJoinPool,                   awaitWork,   IDLE
			org.eclipse.jetty.util.thread.QueuedThreadPool,      idleJobPoll, IDLE
			sun.nio.ch.SelectorImpl,                             select,      IDLE
			org.postgresql.core.VisibleBufferedInputStream,      readMore,    IN_DRIVER
			com.acme.driver.Wire,                                read,        IN_DRIVER
			the.Bag,                                             borrow,      WAITING
			com.acme.Orders,                                     getTask,     ELSEWHERE
			com.acme.Orders,                                     load,        ELSEWHERE
			""")
	void topOfTheStackTells(String type, String method, HolderActivity activity) {
		List<StackTraceElement> stack = new ArrayList<>();
		stack.add(new StackTraceElement("jdk.internal.misc.Unsafe", "park", null, -2));
		stack.add(new StackTraceElement(type, method, "X.java", 1));
		stack.add(new StackTraceElement("java.lang.Thread", "run", "Thread.java", 1));
		assertThat(HolderActivity.of(true, stack, "the.Bag", "com.acme.driver.")).isEqualTo(activity);
		assertThat(HolderActivity.of(false, stack, "the.Bag", null)).isEqualTo(HolderActivity.GONE);
	}

	@Test
	void threadWithoutAStackIsElsewhere() {
		assertThat(HolderActivity.of(true, List.of(), "the.Bag", null)).isEqualTo(HolderActivity.ELSEWHERE);
	}

	@Test
	void idleThreadsOfTheseExecutorsAreSeenToBeIdle() throws Exception {
		for (ExecutorService executor : List.of(Executors.newFixedThreadPool(1), new ForkJoinPool(1))) {
			try {
				Thread thread = executor.submit(Thread::currentThread).get(20, TimeUnit.SECONDS);
				await().until(() -> activity(thread) == HolderActivity.IDLE);
				CountDownLatch end = new CountDownLatch(1);
				executor.submit(() -> end.await(30, TimeUnit.SECONDS));
				await().until(() -> activity(thread) == HolderActivity.ELSEWHERE);
				end.countDown();
			}
			finally {
				executor.shutdownNow();
			}
		}
	}

	private static HolderActivity activity(Thread thread) {
		return HolderActivity.of(thread.isAlive(), Arrays.asList(thread.getStackTrace()), "the.Bag", null);
	}

}
