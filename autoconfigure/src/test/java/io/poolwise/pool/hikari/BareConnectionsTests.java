package io.poolwise.pool.hikari;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link BareConnections}.
 */
@Timeout(60)
class BareConnectionsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration IMPATIENCE = Duration.ofMillis(20);

	private final String name = UUID.randomUUID().toString();

	@Test
	void connectionIsClosedAfterTheAnswer() throws Exception {
		Connection[] opened = new Connection[1];
		try (BareConnections<Boolean> bare = new BareConnections<>(this.name, () -> opened[0] = h2(),
				(connection) -> connection.isValid(1))) {
			assertThat(bare.ask(PATIENCE)).isTrue();
			await().atMost(PATIENCE).until(() -> opened[0].isClosed());
			await().atMost(PATIENCE).until(() -> threads().isEmpty());
		}
	}

	@Test
	void connectionThatWasClosedIsNotKept() throws Exception {
		List<WeakReference<Connection>> opened = new CopyOnWriteArrayList<>();
		try (BareConnections<Boolean> bare = new BareConnections<>(this.name, () -> {
			Connection connection = h2();
			opened.add(new WeakReference<>(connection));
			return connection;
		}, (connection) -> connection.isValid(1))) {
			assertThat(bare.ask(PATIENCE)).isTrue();
			await().atMost(PATIENCE).until(() -> {
				System.gc();
				return opened.get(0).get() == null;
			});
		}
	}

	@Test
	void serverThatNeverAnswersCostsOneThreadAndTheCloseEndsIt() throws Exception {
		AtomicInteger connects = new AtomicInteger();
		BareConnections<Boolean> bare = new BareConnections<>(this.name, () -> {
			connects.incrementAndGet();
			new CountDownLatch(1).await();
			return h2();
		}, (connection) -> true);
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> bare.ask(IMPATIENCE));
		}
		assertThat(threads()).hasSize(1);
		assertThat(connects).hasValue(1);
		bare.close();
		await().atMost(PATIENCE).until(() -> threads().isEmpty());
	}

	@Test
	void afterTheCloseNobodyIsAsked() {
		AtomicInteger connects = new AtomicInteger();
		BareConnections<Boolean> bare = new BareConnections<>(this.name, () -> {
			connects.incrementAndGet();
			return h2();
		}, (connection) -> true);
		bare.close();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> bare.ask(PATIENCE))
			.withMessageContaining("the pool is closed");
		assertThat(connects).hasValue(0);
	}

	private List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((thread) -> thread.contains(this.name))
			.toList();
	}

	private static Connection h2() throws Exception {
		return DriverManager.getConnection("jdbc:h2:mem:bare");
	}

}
