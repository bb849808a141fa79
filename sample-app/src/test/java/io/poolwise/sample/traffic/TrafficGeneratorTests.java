package io.poolwise.sample.traffic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link TrafficGenerator}.
 */
class TrafficGeneratorTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger status = new AtomicInteger(200);

	private final AtomicInteger requests = new AtomicInteger();

	private final CountDownLatch gate = new CountDownLatch(1);

	private volatile boolean slow;

	private HttpServer server;

	private TrafficGenerator traffic;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::answer);
		this.server.start();
		this.traffic = generator(Duration.ofSeconds(5));
	}

	@AfterEach
	void stop() {
		this.gate.countDown();
		this.traffic.stop();
		this.traffic.destroy();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	@Test
	void nobodyComesUnlessEnabled() {
		this.traffic.start();
		assertThat(this.traffic.isRunning()).isTrue();
		assertThat(this.traffic.status().users()).isZero();
	}

	@Test
	void countsAnswersByKind() {
		this.traffic.change(3, null);
		awaitMore(TrafficStatus::ok);
		this.status.set(409);
		awaitMore(TrafficStatus::soldOut);
		this.status.set(202);
		awaitMore((now) -> now.failed().getOrDefault("unannounced", 0L));
		this.status.set(503);
		awaitMore((now) -> now.failed().getOrDefault("http_503", 0L));
		assertThat(this.traffic.status().latencyMs().p50()).isPositive();
	}

	@Test
	void usersWhoLeaveSendNothingMore() {
		this.traffic.change(10, null);
		awaitMore(TrafficStatus::ok);
		this.traffic.change(0, null);
		await().until(() -> this.traffic.status().inFlight() == 0);
		int sent = this.requests.get();
		await().pollDelay(Duration.ofMillis(300)).until(() -> true);
		assertThat(this.requests).hasValue(sent);
		assertThat(this.traffic.status().ok()).isEqualTo(sent);
	}

	@Test
	void aUserHasOneRequestAtATime() {
		this.slow = true;
		this.traffic.change(7, Duration.ZERO);
		await().until(() -> this.traffic.status().inFlight() == 7);
		await().pollDelay(Duration.ofMillis(200)).until(() -> true);
		assertThat(this.requests).hasValue(7);
	}

	@Test
	void countsAnswersThatDontCome() {
		this.traffic.destroy();
		this.traffic = generator(Duration.ofMillis(100));
		this.slow = true;
		this.traffic.change(1, null);
		awaitMore((now) -> now.failed().getOrDefault("timeout", 0L));
	}

	@Test
	void countsRefusedConnections() {
		this.server.stop(0);
		this.traffic.change(1, null);
		awaitMore((now) -> now.failed().getOrDefault("connect", 0L));
	}

	@Test
	void refusesNumbersOutOfRange() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.traffic.change(-1, null));
		assertThatIllegalArgumentException().isThrownBy(() -> this.traffic.change(51, null))
			.withMessage("users must be 0 to 50, not 51");
		assertThatIllegalArgumentException().isThrownBy(() -> this.traffic.change(1, Duration.ofMillis(-1)));
		assertThat(this.traffic.status().users()).isZero();
	}

	private TrafficGenerator generator(Duration timeout) {
		TrafficProperties properties = new TrafficProperties(false, 5, Duration.ofMillis(5), 50, timeout);
		URI base = URI.create("http://localhost:" + this.server.getAddress().getPort());
		return new TrafficGenerator(properties, () -> base, new TrafficMeter(new SimpleMeterRegistry()),
				new JsonMapper());
	}

	private void awaitMore(ToLongFunction<TrafficStatus> count) {
		await().atMost(Duration.ofSeconds(10)).until(() -> count.applyAsLong(this.traffic.status()) > 5);
	}

	private void answer(HttpExchange exchange) throws IOException {
		this.requests.incrementAndGet();
		try {
			if (this.slow) {
				this.gate.await();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		byte[] body = "[{\"sku\": \"cocoa\"}]".getBytes(StandardCharsets.UTF_8);
		exchange.getRequestBody().readAllBytes();
		exchange.sendResponseHeaders(this.status.get(), body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

}
