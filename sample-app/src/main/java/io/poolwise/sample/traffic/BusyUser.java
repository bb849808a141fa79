package io.poolwise.sample.traffic;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one visitor busy: request, answer, think, and again, until it leaves. It borrows
 * its threads; none waits for it.
 */
final class BusyUser {

	private static final Logger logger = LoggerFactory.getLogger(BusyUser.class);

	private final Visitor visitor;

	private final HttpClient client;

	private final ScheduledExecutorService clock;

	private final TrafficMeter meter;

	private final Supplier<Duration> thinkTime;

	private final Random random = new Random();

	private volatile boolean gone;

	BusyUser(Visitor visitor, HttpClient client, ScheduledExecutorService clock, TrafficMeter meter,
			Supplier<Duration> thinkTime) {
		this.visitor = visitor;
		this.client = client;
		this.clock = clock;
		this.meter = meter;
		this.thinkTime = thinkTime;
	}

	/**
	 * Begin somewhere within the first think time: a crowd doesn't come in step.
	 */
	void arrive() {
		later(this.random.nextDouble());
	}

	/**
	 * Send nothing more; the answer to the last request is still waited for and counted.
	 */
	void leave() {
		this.gone = true;
	}

	@SuppressWarnings("FutureReturnValueIgnored") // act handles its failures itself
	private void later(double share) {
		if (this.gone) {
			return;
		}
		long nanos = (long) (this.thinkTime.get().toNanos() * share);
		try {
			this.clock.schedule(this::act, nanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The traffic has stopped", ex);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // the last stage handles every failure
	private void act() {
		if (this.gone) {
			return;
		}
		Timer.Sample sample = this.meter.sent();
		this.client.sendAsync(this.visitor.next(), BodyHandlers.ofString())
			.whenComplete((answer, failure) -> count(sample, answer, failure))
			.whenComplete((answer, failure) -> learn(answer));
	}

	private void count(Timer.Sample sample, @Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
		if (answer != null) {
			this.meter.answered(sample, answer.statusCode());
		}
		else if (failure != null) {
			this.meter.failed(sample, failure);
		}
	}

	private void learn(@Nullable HttpResponse<String> answer) {
		try {
			if (answer != null) {
				this.visitor.saw(answer);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("A visitor doesn't understand the answer to {}", answer.request().uri(), ex);
		}
		later(0.5 + this.random.nextDouble());
	}

}
