package io.poolwise.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The contract of {@link ManagedPool}: each adapter extends this class and passes it
 * against a real server.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class AbstractManagedPoolTests {

	/**
	 * Longer than any test may take: a waiting caller that is served was reached, and did
	 * not run into its timeout.
	 */
	private static final Duration LONG_WAIT = Duration.ofSeconds(50);

	/**
	 * What "at once" means on a busy machine.
	 */
	private static final Duration AT_ONCE = Duration.ofSeconds(20);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<PoolFixture> fixtures = new ArrayList<>();

	/**
	 * Starts a pool.
	 * @param size its first target
	 * @param acquireTimeout how long a caller waits for a connection
	 * @return the fixture; this class closes it
	 * @throws Exception when the pool could not be started
	 */
	protected abstract PoolFixture createPool(PoolSize size, Duration acquireTimeout) throws Exception;

	@AfterEach
	void closeEverything() throws Exception {
		for (PoolFixture fixture : this.fixtures) {
			fixture.close();
		}
		this.threads.shutdownNow();
		assertThat(this.threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void growthReachesWaitingCallersAtOnce() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 2));
		borrow(fixture, 2);
		List<Future<PoolFixture.Borrowed>> waiting = borrowInThreads(fixture, 5);
		awaitPending(fixture, 5);
		long resized = System.nanoTime();
		fixture.pool().resize(PoolSize.of(0, 7));
		for (Future<PoolFixture.Borrowed> caller : waiting) {
			caller.get(LONG_WAIT.toSeconds(), TimeUnit.SECONDS).work(Duration.ofMillis(1));
		}
		assertThat(Duration.ofNanos(System.nanoTime() - resized)).isLessThan(AT_ONCE);
		assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(7, 0, 7, 0));
	}

	@Test
	void shrinkingClosesIdleConnectionsAtOnce() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 6));
		giveBack(borrow(fixture, 6));
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().free() == 6);
		assertThat(fixture.serverConnections()).isEqualTo(6);
		fixture.pool().resize(PoolSize.of(0, 2));
		await().atMost(AT_ONCE).untilAsserted(() -> {
			assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(2, 2, 0, 0));
			assertThat(fixture.serverConnections()).isEqualTo(2);
		});
	}

	@Test
	void shrinkingClosesBusyConnectionsWhenTheyComeBack() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 5));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 5);
		fixture.pool().resize(PoolSize.of(0, 2));
		for (PoolFixture.Borrowed each : borrowed) {
			each.work(Duration.ofMillis(20));
		}
		assertThat(fixture.pool().counts().used()).isEqualTo(5);
		assertThat(fixture.serverConnections()).isEqualTo(5);
		giveBack(borrowed.subList(0, 3));
		await().atMost(AT_ONCE).untilAsserted(() -> {
			assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(2, 0, 2, 0));
			assertThat(fixture.serverConnections()).isEqualTo(2);
		});
		giveBack(borrowed.subList(3, 5));
		await().atMost(AT_ONCE)
			.untilAsserted(() -> assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(2, 2, 0, 0)));
	}

	@Test
	void reportsTargetAndActualUntilTheyAgree() throws Exception {
		PoolFixture fixture = start(PoolSize.of(1, 3));
		assertThat(fixture.pool().target()).isEqualTo(PoolSize.of(1, 3));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 3);
		fixture.pool().resize(PoolSize.of(0, 1));
		assertThat(fixture.pool().target()).isEqualTo(PoolSize.of(0, 1));
		assertThat(fixture.pool().counts().size()).isEqualTo(3);
		giveBack(borrowed);
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().size() == 1);
	}

	@Test
	void keepsItsMinimumOpen() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 6));
		fixture.pool().resize(PoolSize.of(3, 6));
		await().atMost(AT_ONCE.multipliedBy(2)).untilAsserted(() -> {
			assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(3, 3, 0, 0));
			assertThat(fixture.serverConnections()).isEqualTo(3);
		});
	}

	@Test
	void neverCutsRunningWork() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 4));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 4);
		List<Future<?>> running = new ArrayList<>();
		for (PoolFixture.Borrowed each : borrowed) {
			running.add(inThread(() -> {
				each.work(Duration.ofMillis(800));
				return null;
			}));
		}
		fixture.pool().resize(PoolSize.of(0, 1));
		fixture.pool().resize(PoolSize.of(0, 4));
		fixture.pool().resize(PoolSize.of(0, 2));
		for (Future<?> each : running) {
			each.get(20, TimeUnit.SECONDS);
		}
		giveBack(borrowed);
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().size() == 2);
	}

	@Test
	void whatWasLoweredCanBeRaisedAgain() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 5));
		giveBack(borrow(fixture, 5));
		fixture.pool().resize(PoolSize.of(0, 1));
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().size() == 1);
		fixture.pool().resize(PoolSize.of(0, 5));
		for (PoolFixture.Borrowed each : borrow(fixture, 5)) {
			each.work(Duration.ofMillis(1));
		}
		assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(5, 0, 5, 0));
		assertThat(fixture.serverConnections()).isEqualTo(5);
	}

	@Test
	void countsAgreeWithTheServer() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 6));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 5);
		giveBack(borrowed.subList(0, 2));
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().free() == 2);
		assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(5, 2, 3, 0));
		assertThat(fixture.serverConnections()).isEqualTo(5);
	}

	@Test
	void aReturnedConnectionGoesToAWaitingCaller() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 1));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 1);
		List<Future<PoolFixture.Borrowed>> waiting = borrowInThreads(fixture, 1);
		awaitPending(fixture, 1);
		giveBack(borrowed);
		waiting.get(0).get(AT_ONCE.toSeconds(), TimeUnit.SECONDS).work(Duration.ofMillis(1));
		assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(1, 0, 1, 0));
	}

	@Test
	void anExhaustedPoolRefusesAfterTheAcquireTimeout() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 2), Duration.ofMillis(400));
		borrow(fixture, 2);
		long started = System.nanoTime();
		assertThatThrownBy(fixture::borrow).isInstanceOf(Exception.class);
		Duration waited = Duration.ofNanos(System.nanoTime() - started);
		assertThat(waited).isBetween(Duration.ofMillis(350), Duration.ofMillis(400).plus(AT_ONCE));
		assertThat(fixture.pool().counts()).isEqualTo(new PoolCounts(2, 0, 2, 0));
		assertThat(fixture.serverConnections()).isEqualTo(2);
	}

	@Test
	void theServerNeverSeesMoreThanTheCeilingWhileTheSizeChanges() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 8));
		AtomicBoolean stop = new AtomicBoolean();
		AtomicInteger done = new AtomicInteger();
		List<Future<?>> workers = new ArrayList<>();
		for (int i = 0; i < 24; i++) {
			workers.add(inThread(() -> {
				while (!stop.get()) {
					try (PoolFixture.Borrowed each = fixture.borrow()) {
						each.work(Duration.ofMillis(5));
						done.incrementAndGet();
					}
				}
				return null;
			}));
		}
		int highest = 0;
		for (int i = 0; i < 40; i++) {
			fixture.pool().resize(PoolSize.of(0, ThreadLocalRandom.current().nextInt(1, 9)));
			highest = Math.max(highest, fixture.serverConnections());
			assertThat(fixture.pool().counts().size()).isLessThanOrEqualTo(8);
			int before = done.get();
			await().atMost(AT_ONCE).until(() -> done.get() > before);
		}
		stop.set(true);
		for (Future<?> worker : workers) {
			worker.get(20, TimeUnit.SECONDS);
		}
		assertThat(highest).isBetween(1, 8);
		fixture.pool().resize(PoolSize.of(0, 3));
		await().atMost(AT_ONCE).untilAsserted(() -> {
			assertThat(fixture.pool().counts().size()).isLessThanOrEqualTo(3);
			assertThat(fixture.serverConnections()).isEqualTo(fixture.pool().counts().size());
			assertThat(fixture.pool().counts().used()).isZero();
		});
	}

	@Test
	void probeAsksTheServer() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 2));
		giveBack(borrow(fixture, 1));
		assertThat(fixture.pool().probe(Duration.ofSeconds(5))).isInstanceOf(ServerProbe.Answered.class);
		await().atMost(AT_ONCE)
			.untilAsserted(() -> assertThat(fixture.pool().counts().used()).as("borrowed by the probe").isZero());
	}

	@Test
	void probeOfAnExhaustedPoolAnswersAndTakesNothing() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 3));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 3);
		List<Future<PoolFixture.Borrowed>> waiting = borrowInThreads(fixture, 2);
		awaitPending(fixture, 2);
		long started = System.nanoTime();
		ServerProbe answer = fixture.pool().probe(Duration.ofSeconds(2));
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2).plus(AT_ONCE));
		assertThat(answer).isNotInstanceOf(ServerProbe.Failed.class);
		assertThat(fixture.pool().counts().used()).isEqualTo(3);
		assertThat(fixture.pool().counts().pending()).isEqualTo(2);
		giveBack(borrowed);
		for (Future<PoolFixture.Borrowed> caller : waiting) {
			caller.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS);
		}
		await().atMost(AT_ONCE).until(() -> fixture.serverConnections() <= 3);
	}

	@Test
	void closingLeavesNoConnection() throws Exception {
		PoolFixture fixture = start(PoolSize.of(2, 4));
		giveBack(borrow(fixture, 3));
		assertThat(fixture.serverConnections()).isBetween(3, 4);
		fixture.close();
		await().atMost(AT_ONCE).until(() -> fixture.serverConnections() == 0);
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().equals(PoolCounts.EMPTY));
	}

	@Test
	void connectsAreCounted() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 3));
		borrow(fixture, 3);
		assertThat(fixture.pool().connects().made()).isPositive();
		assertThat(fixture.pool().connects().failed()).isZero();
	}

	@Test
	void clientsOfTheServerAreCountedOverAnIdleConnectionOnly() throws Exception {
		PoolFixture fixture = start(PoolSize.of(0, 2));
		List<PoolFixture.Borrowed> borrowed = borrow(fixture, 2);
		assertThat(fixture.pool().serverConnections(AT_ONCE)).isEmpty();
		giveBack(borrowed);
		if (fixture.pool().kind() == PoolKind.RABBIT) {
			assertThat(fixture.pool().serverConnections(AT_ONCE)).isEmpty();
			return;
		}
		await().atMost(LONG_WAIT)
			.untilAsserted(() -> assertThat(fixture.pool().serverConnections(AT_ONCE).orElse(0))
				.isGreaterThanOrEqualTo(fixture.serverConnections())
				.isGreaterThanOrEqualTo(2));
	}

	private PoolFixture start(PoolSize size) throws Exception {
		return start(size, LONG_WAIT);
	}

	private PoolFixture start(PoolSize size, Duration acquireTimeout) throws Exception {
		PoolFixture fixture = createPool(size, acquireTimeout);
		this.fixtures.add(fixture);
		return fixture;
	}

	private List<PoolFixture.Borrowed> borrow(PoolFixture fixture, int count) throws Exception {
		List<PoolFixture.Borrowed> borrowed = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			borrowed.add(fixture.borrow());
		}
		return borrowed;
	}

	private void giveBack(List<PoolFixture.Borrowed> borrowed) throws Exception {
		for (PoolFixture.Borrowed each : borrowed) {
			each.close();
		}
	}

	private List<Future<PoolFixture.Borrowed>> borrowInThreads(PoolFixture fixture, int count) {
		List<Future<PoolFixture.Borrowed>> waiting = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			waiting.add(inThread(fixture::borrow));
		}
		return waiting;
	}

	private void awaitPending(PoolFixture fixture, int count) {
		await().atMost(AT_ONCE).until(() -> fixture.pool().counts().pending() == count);
	}

	private <T> Future<T> inThread(Callable<T> task) {
		return this.threads.submit(task);
	}

}
