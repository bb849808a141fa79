package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolFixture.Borrowed;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a pool of channels promises, on a real RabbitMQ: the contract of
 * {@link io.poolwise.pool.ManagedPool} as far as Spring AMQP's own setters and listeners
 * go.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RabbitManagedPoolIT {

	private static final Duration LONG_WAIT = Duration.ofSeconds(50);

	private static final Duration AT_ONCE = Duration.ofSeconds(20);

	private final ExecutorService threads = Executors.newCachedThreadPool();

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
	void countsAgreeWithTheServer(ConfirmType confirms) throws Exception {
		start(6, LONG_WAIT, confirms);
		List<Borrowed> borrowed = borrow(5);
		giveBack(borrowed.subList(0, 2));
		counts(new PoolCounts(5, 2, 3, 0));
		assertThat(this.rabbit.serverConnections()).isEqualTo(5);
	}

	@ParameterizedTest
	@EnumSource
	void callerBeyondTheLimitIsRefusedAfterTheAcquireTimeout(ConfirmType confirms) throws Exception {
		start(2, Duration.ofMillis(400), confirms);
		borrow(2);
		long started = System.nanoTime();
		assertThatExceptionOfType(AmqpTimeoutException.class).isThrownBy(this.rabbit::borrow);
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(350),
				Duration.ofMillis(400).plus(AT_ONCE));
		counts(new PoolCounts(2, 0, 2, 0));
		assertThat(this.rabbit.serverConnections()).isEqualTo(2);
	}

	@Test
	void channelThatComesBackGoesToAWaitingCaller() throws Exception {
		start(1, LONG_WAIT, ConfirmType.NONE);
		List<Borrowed> borrowed = borrow(1);
		Future<Borrowed> waiting = this.threads.submit(() -> this.rabbit.borrow());
		giveBack(borrowed);
		waiting.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS).work(Duration.ofMillis(1));
		counts(new PoolCounts(1, 0, 1, 0));
	}

	@ParameterizedTest
	@EnumSource
	void raiseReachesWaitingCallers(ConfirmType confirms) throws Exception {
		start(2, LONG_WAIT, confirms);
		borrow(2);
		List<Future<Borrowed>> waiting = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			waiting.add(this.threads.submit(() -> this.rabbit.borrow()));
		}
		this.rabbit.pool().resize(PoolSize.of(0, 7));
		for (Future<Borrowed> caller : waiting) {
			caller.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS).work(Duration.ofMillis(1));
		}
		counts(new PoolCounts(7, 0, 7, 0));
		assertThat(this.rabbit.serverConnections()).isEqualTo(7);
	}

	@Test
	void lowerLimitIsReachedAsChannelsComeBackAndCutsNothing() throws Exception {
		start(5, Duration.ofMillis(400), ConfirmType.NONE);
		List<Borrowed> borrowed = borrow(5);
		this.rabbit.pool().resize(PoolSize.of(0, 2));
		assertThat(this.rabbit.pool().target()).isEqualTo(PoolSize.of(0, 2));
		for (Borrowed each : borrowed) {
			each.work(Duration.ofMillis(20));
		}
		counts(new PoolCounts(5, 0, 5, 0));
		giveBack(borrowed);
		counts(new PoolCounts(2, 2, 0, 0));
		assertThat(this.rabbit.serverConnections()).isEqualTo(2);
		borrow(2);
		assertThatExceptionOfType(AmqpTimeoutException.class).isThrownBy(this.rabbit::borrow);
	}

	@Test
	void limitThatWasLoweredCanBeRaisedAgain() throws Exception {
		start(5, LONG_WAIT, ConfirmType.NONE);
		List<Borrowed> borrowed = borrow(5);
		this.rabbit.pool().resize(PoolSize.of(0, 1));
		giveBack(borrowed);
		counts(new PoolCounts(1, 1, 0, 0));
		this.rabbit.pool().resize(PoolSize.of(0, 5));
		borrow(5);
		counts(new PoolCounts(5, 0, 5, 0));
	}

	@Test
	void probeAsksTheServerAndTakesNothing() throws Exception {
		start(2, LONG_WAIT, ConfirmType.NONE);
		giveBack(borrow(1));
		counts(new PoolCounts(1, 1, 0, 0));
		assertThat(this.rabbit.pool().probe(AT_ONCE)).isInstanceOf(ServerProbe.Answered.class);
		counts(new PoolCounts(1, 1, 0, 0));
	}

	@Test
	void probeOfAnExhaustedPoolDoesNotWaitForIt() throws Exception {
		start(3, LONG_WAIT, ConfirmType.NONE);
		borrow(3);
		Future<Borrowed> waiting = this.threads.submit(() -> this.rabbit.borrow());
		assertThat(this.rabbit.pool().probe(AT_ONCE)).isInstanceOf(ServerProbe.Answered.class);
		assertThat(waiting).isNotDone();
		assertThat(this.rabbit.serverConnections()).isEqualTo(3);
	}

	@Test
	void closingLeavesNoChannel() throws Exception {
		start(4, LONG_WAIT, ConfirmType.NONE);
		giveBack(borrow(3));
		this.rabbit.factory().destroy();
		counts(PoolCounts.EMPTY);
		assertThat(this.rabbit.serverConnections()).isZero();
	}

	@Test
	void connectsAreCounted() throws Exception {
		start(3, LONG_WAIT, ConfirmType.NONE);
		borrow(3);
		assertThat(this.rabbit.pool().connects().made()).isEqualTo(1);
		assertThat(this.rabbit.pool().connects().failed()).isZero();
		assertThat(this.rabbit.pool().connectFailure()).isEmpty();
	}

	@Test
	void warmUpOpensTheConnection() throws Exception {
		start(2, LONG_WAIT, ConfirmType.NONE);
		assertThat(this.rabbit.pool().missing()).isEqualTo(1);
		this.rabbit.pool().warmUp(new ConnectPace(Duration.ZERO, System::nanoTime, () -> 0));
		assertThat(this.rabbit.pool().missing()).isZero();
		assertThat(this.rabbit.factory().getCacheProperties().getProperty("localPort")).isNotEqualTo("0");
	}

	private void start(int max, Duration acquireTimeout, ConfirmType confirms) {
		this.rabbit = new GovernedRabbit(PoolSize.of(0, max), acquireTimeout,
				(factory) -> factory.setPublisherConfirmType(confirms));
	}

	private void counts(PoolCounts expected) {
		await().atMost(AT_ONCE).untilAsserted(() -> assertThat(this.rabbit.pool().counts()).isEqualTo(expected));
	}

	private List<Borrowed> borrow(int count) {
		List<Borrowed> borrowed = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			borrowed.add(this.rabbit.borrow());
		}
		return borrowed;
	}

	private static void giveBack(List<Borrowed> borrowed) throws Exception {
		for (Borrowed each : borrowed) {
			each.close();
		}
	}

}
