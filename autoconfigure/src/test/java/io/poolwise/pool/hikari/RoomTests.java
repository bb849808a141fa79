package io.poolwise.pool.hikari;

import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Room}. Whoever is not woken waits for longer than a test may take.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoomTests {

	private long patienceMillis = TimeUnit.MINUTES.toMillis(10);

	private final Room room = new Room(1, () -> this.patienceMillis);

	@Test
	void roomIsTakenUpToTheLimit() throws Exception {
		this.room.limit(2);
		this.room.take();
		this.room.take();
		assertThat(this.room.taken()).isEqualTo(2);
		this.patienceMillis = 1;
		assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(this.room::take)
			.withMessage("The pool may have 2 connections, and 2 are still open");
		assertThat(this.room.taken()).isEqualTo(2);
		this.room.giveBack();
		assertThat(this.room.taken()).isEqualTo(1);
		this.room.take();
		assertThat(this.room.taken()).isEqualTo(2);
	}

	@Test
	void awaitingTakesNothing() throws Exception {
		this.room.await();
		assertThat(this.room.taken()).isZero();
		this.room.take();
		this.patienceMillis = 1;
		assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(this.room::await);
	}

	@Test
	void whatIsGivenBackWakesAWaiter() throws Exception {
		this.room.take();
		FutureTask<Integer> waiter = waiting(this::take);
		this.room.giveBack();
		assertThat(waiter.get(30, TimeUnit.SECONDS)).isEqualTo(1);
	}

	/**
	 * The first passes without taking the room, so the second has to hear of it.
	 */
	@Test
	void awaitingPassesTheWakeUpOn() throws Exception {
		this.room.take();
		FutureTask<Integer> first = waiting(() -> {
			this.room.await();
			return 0;
		});
		FutureTask<Integer> second = waiting(this::take);
		this.room.giveBack();
		first.get(30, TimeUnit.SECONDS);
		assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(1);
	}

	@Test
	void aHigherLimitWakesAllWaiters() throws Exception {
		this.room.take();
		FutureTask<Integer> first = waiting(this::take);
		FutureTask<Integer> second = waiting(this::take);
		this.room.limit(3);
		first.get(30, TimeUnit.SECONDS);
		second.get(30, TimeUnit.SECONDS);
		assertThat(this.room.taken()).isEqualTo(3);
	}

	@Test
	void moreThanTheLimitMayBeTakenOnceThatFell() throws Exception {
		this.room.limit(3);
		this.room.take();
		this.room.take();
		this.room.limit(1);
		assertThat(this.room.taken()).isEqualTo(2);
		FutureTask<Integer> waiter = waiting(this::take);
		this.room.giveBack();
		this.room.giveBack();
		assertThat(waiter.get(30, TimeUnit.SECONDS)).isEqualTo(1);
	}

	@Test
	void anInterruptEndsTheWaitAndIsKept() throws Exception {
		this.room.take();
		FutureTask<Boolean> waiter = new FutureTask<>(() -> {
			try {
				this.room.take();
				return false;
			}
			catch (SQLTransientConnectionException ex) {
				return Thread.currentThread().isInterrupted();
			}
		});
		Thread thread = started(waiter);
		thread.interrupt();
		assertThat(waiter.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.room.taken()).isEqualTo(1);
	}

	private int take() throws SQLTransientConnectionException {
		this.room.take();
		return this.room.taken();
	}

	private static <T> FutureTask<T> waiting(Callable<T> call) {
		FutureTask<T> task = new FutureTask<>(call);
		started(task);
		return task;
	}

	/**
	 * Returns when the thread waits.
	 */
	private static Thread started(FutureTask<?> task) {
		Thread thread = new Thread(task, "room");
		thread.setDaemon(true);
		thread.start();
		await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		return thread;
	}

}
