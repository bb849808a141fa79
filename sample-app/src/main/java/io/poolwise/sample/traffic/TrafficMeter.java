package io.poolwise.sample.traffic;

import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;

/**
 * Counts the answers that the users get. Thread-safe.
 */
final class TrafficMeter {

	private static final int ACCEPTED = 202;

	private static final int CONFLICT = 409;

	private final MeterRegistry registry;

	private final Timer timer;

	private final AtomicInteger inFlight = new AtomicInteger();

	private final LongAdder ok = new LongAdder();

	private final LongAdder soldOut = new LongAdder();

	private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();

	TrafficMeter(MeterRegistry registry) {
		this.registry = registry;
		this.timer = Timer.builder("sample.traffic")
			.description("Answers to the built-in traffic")
			.publishPercentiles(0.5, 0.95, 0.99)
			.distributionStatisticExpiry(Duration.ofSeconds(10))
			.distributionStatisticBufferLength(5)
			.register(registry);
	}

	Timer.Sample sent() {
		this.inFlight.incrementAndGet();
		return Timer.start(this.registry);
	}

	void answered(Timer.Sample sample, int status) {
		done(sample);
		if (status == ACCEPTED) {
			count("unannounced");
		}
		else if (status < 400) {
			this.ok.increment();
		}
		else if (status == CONFLICT) {
			this.soldOut.increment();
		}
		else {
			count("http_" + status);
		}
	}

	void failed(Timer.Sample sample, Throwable failure) {
		done(sample);
		count(kind(failure));
	}

	TrafficStatus status(int users, int maxUsers, Duration thinkTime) {
		Map<String, Long> kinds = new TreeMap<>();
		this.failed.forEach((kind, count) -> kinds.put(kind, count.sum()));
		return new TrafficStatus(users, maxUsers, thinkTime.toMillis(), this.inFlight.get(), this.ok.sum(),
				this.soldOut.sum(), kinds, latency());
	}

	private void done(Timer.Sample sample) {
		sample.stop(this.timer);
		this.inFlight.decrementAndGet();
	}

	private void count(String kind) {
		this.failed.computeIfAbsent(kind, (key) -> new LongAdder()).increment();
	}

	private static String kind(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof HttpTimeoutException) {
			return "timeout";
		}
		if (cause instanceof ConnectException) {
			return "connect";
		}
		return cause.getClass().getSimpleName();
	}

	private TrafficStatus.Latency latency() {
		HistogramSnapshot snapshot = this.timer.takeSnapshot();
		ValueAtPercentile[] values = snapshot.percentileValues();
		return new TrafficStatus.Latency(millis(values, 0), millis(values, 1), millis(values, 2));
	}

	private static double millis(ValueAtPercentile[] values, int index) {
		return Math.round(values[index].value(TimeUnit.MILLISECONDS) * 10) / 10.0;
	}

}
