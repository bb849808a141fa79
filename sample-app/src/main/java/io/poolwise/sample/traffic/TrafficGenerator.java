package io.poolwise.sample.traffic;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Keeps a number of users busy: each sends a request, waits for the answer, thinks, and
 * sends the next. The number can be changed at any time. Three threads serve them all,
 * however many they are. Thread-safe.
 * <p>
 * Its default phase makes it start after the web server and stop before it: the requests
 * in flight are then answered by the web server's graceful shutdown.
 */
final class TrafficGenerator implements SmartLifecycle, DisposableBean {

	private final TrafficProperties properties;

	private final Supplier<URI> base;

	private final TrafficMeter meter;

	private final JsonMapper json;

	private final ScheduledExecutorService clock;

	private final ExecutorService answers;

	private final HttpClient client;

	private final Deque<BusyUser> users = new ArrayDeque<>();

	private volatile Duration thinkTime;

	private volatile boolean running;

	TrafficGenerator(TrafficProperties properties, Supplier<URI> base, TrafficMeter meter, JsonMapper json) {
		this.properties = properties;
		this.base = base;
		this.meter = meter;
		this.json = json;
		this.thinkTime = properties.thinkTime();
		ThreadFactory threads = daemons();
		this.clock = Executors.newSingleThreadScheduledExecutor(threads);
		this.answers = Executors.newFixedThreadPool(2, threads);
		this.client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(properties.timeout())
			.executor(this.answers)
			.build();
	}

	/**
	 * Change the number of users and their pace. Users who leave still wait for the
	 * answer to their last request.
	 * @param count how many users, 0 to the configured maximum
	 * @param thinkTime the new average think time, or {@code null} to keep it
	 * @throws IllegalArgumentException if either is out of its range
	 */
	synchronized void change(int count, @Nullable Duration thinkTime) {
		if (count < 0 || count > this.properties.maxUsers()) {
			throw new IllegalArgumentException("users must be 0 to " + this.properties.maxUsers() + ", not " + count);
		}
		if (thinkTime != null && thinkTime.isNegative()) {
			throw new IllegalArgumentException("the think time must not be negative");
		}
		if (thinkTime != null) {
			this.thinkTime = thinkTime;
		}
		while (this.users.size() > count) {
			this.users.removeLast().leave();
		}
		while (this.users.size() < count) {
			BusyUser user = user();
			this.users.addLast(user);
			user.arrive();
		}
	}

	synchronized TrafficStatus status() {
		return this.meter.status(this.users.size(), this.properties.maxUsers(), this.thinkTime);
	}

	@Override
	public void start() {
		this.running = true;
		if (this.properties.enabled()) {
			change(this.properties.users(), null);
		}
	}

	@Override
	public void stop() {
		change(0, null);
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void destroy() {
		this.clock.shutdownNow();
		this.answers.shutdown();
	}

	private static ThreadFactory daemons() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("traffic-");
		threads.setDaemon(true);
		return threads;
	}

	private BusyUser user() {
		Visitor visitor = new Visitor(this.base.get(), this.properties.timeout(), this.json, new Random());
		return new BusyUser(visitor, this.client, this.clock, this.meter, () -> this.thinkTime);
	}

}
