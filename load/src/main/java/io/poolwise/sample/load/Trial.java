package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.poolwise.sample.load.traffic.Answers;
import io.poolwise.sample.load.traffic.Behaviour;
import io.poolwise.sample.load.traffic.Outcome;
import io.poolwise.sample.load.traffic.UserProcess;
import org.jspecify.annotations.Nullable;

/**
 * One contender in one scenario: servers, instances and users of its own.
 */
final class Trial implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int HTTP_OK = 200;

	private static final String UNAVAILABLE = "status=\"503\"";

	private final LoadSettings settings;

	/** Whether a refusal is what was wanted; else it is a failure. */
	private final boolean refuses;

	private final Path folder;

	private final Servers servers;

	private final Fleet fleet;

	private final Sampler sampler;

	private final Map<String, Double> values = new LinkedHashMap<>();

	private final List<String> notes = new ArrayList<>();

	private @Nullable UserProcess users;

	private @Nullable Answers answers;

	private List<Integer> sessions = List.of();

	Trial(LoadSettings settings, Contender contender, Plan plan, Path folder) throws SQLException, IOException {
		this.settings = settings;
		this.refuses = contender.refuses();
		this.folder = Files.createDirectories(folder).toAbsolutePath();
		this.servers = new Servers(contender.way());
		List<String> properties = new ArrayList<>(this.servers.properties());
		properties.addAll(contender.properties().apply(plan));
		List<Path> libraries = (contender.way() == Contender.Way.FLEXY_POOL) ? FlexyPoolLibraries.copyTo(this.folder)
				: List.of();
		this.fleet = new Fleet(settings, libraries, properties, this.folder);
		this.sampler = new Sampler(this.servers, this.fleet, contender.leases(), Clock.systemUTC());
	}

	LoadSettings settings() {
		return this.settings;
	}

	Fleet fleet() {
		return this.fleet;
	}

	/** Starts the first instances. */
	List<Instance> begin(int count) throws Exception {
		List<Instance> ready = this.fleet.start(count);
		if (ready.isEmpty()) {
			throw new IllegalStateException("no instance started, see the logs in " + this.folder);
		}
		if (ready.size() < count) {
			this.notes.add((count - ready.size()) + " of " + count + " instances never started");
		}
		this.servers.stockUp();
		return ready;
	}

	/**
	 * Has users come, who are sent to the instances that are alive, and waits for the
	 * first of them.
	 */
	void users(Behaviour behaviour, int count) throws InterruptedException {
		this.users = UserProcess.start(behaviour, count, this.settings.think(), this.settings.report(),
				this.settings.duration(), Servers.PRODUCTS, addresses(this.fleet.alive()), this.folder);
		this.sampler.users(this.users.pid());
		if (behaviour != Behaviour.PUSH) {
			this.users.awaitFirst();
		}
	}

	/**
	 * One visitor looks at everything that a push shows, again and again, as long as the
	 * warm-up takes: people are told about what runs already.
	 */
	void lookAround(Instance instance) throws IOException, InterruptedException {
		long end = System.nanoTime() + this.settings.warmUp().toNanos();
		while (System.nanoTime() < end) {
			instance.get("/products", HTTP_OK);
			instance.get("/orders?limit=20", HTTP_OK);
		}
	}

	/**
	 * What the instance says of refusals: how long they took from when a thread took the
	 * request, without the time that the request waited for one, and how many callers had
	 * waited for a connection in vain. Only Poolwise shows meters by default.
	 */
	void askOfRefusals(Instance instance) throws IOException, InterruptedException {
		String meters = instance.get("/actuator/prometheus", HTTP_OK);
		if (meters != null) {
			double count = sum(meters, "http_server_requests_seconds_count{", UNAVAILABLE);
			double seconds = sum(meters, "http_server_requests_seconds_sum{", UNAVAILABLE);
			value("refused: mean ms in the instance", (count > 0) ? 1000 * seconds / count : 0);
			value("timed out", sum(meters, "pool_timeouts_callers_total{", "kind=\"database\""));
		}
	}

	private static double sum(String meters, String name, String tag) {
		return meters.lines()
			.filter((line) -> line.startsWith(name) && line.contains(tag))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
			.sum();
	}

	/** From now on, times and the use of processors count. */
	void measure() {
		this.sampler.measure();
		traffic().measure();
	}

	/**
	 * The use of processors counts from now on; times count from the first request on.
	 */
	void measureProcessors() {
		this.sampler.measure();
	}

	/**
	 * Sends the users to these from now on; one that is named twice gets twice as many.
	 */
	void direct(List<Instance> targets) {
		traffic().targets(addresses(targets));
	}

	void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
	}

	/**
	 * Waits until the users are gone, whom somebody has to stop if they stay for ever.
	 */
	void finish(boolean stop) throws Exception {
		Map<CpuMeter.Group, Double> cores = this.sampler.cores();
		if (stop) {
			traffic().stop();
		}
		Answers received = traffic().await();
		if (!stop) {
			cores = this.sampler.cores();
		}
		this.answers = received;
		this.sessions = this.sampler.sessions();
		long requests = received.counts().values().stream().mapToLong(Long::longValue).sum();
		value("requests", requests);
		value("completed %", 100.0 * (received.count(Outcome.COMPLETED) + received.count(Outcome.LATE)) / requests);
		value("late", received.count(Outcome.LATE));
		value("refused", this.refuses ? received.count(Outcome.REFUSED) : 0);
		value("failed", received.count(Outcome.FAILED) + (this.refuses ? 0 : received.count(Outcome.REFUSED)));
		Answers.Latency latency = received.latency(Outcome.COMPLETED);
		value("completed/s", (latency.count() + received.reports().count()) / received.measuredSeconds());
		value("p50 ms", latency.p50());
		value("p95 ms", latency.p95());
		value("p99 ms", latency.p99());
		value("report p99 ms", received.reports().p99());
		value("refused p99 ms", received.latency(Outcome.REFUSED).p99());
		cores.forEach((group, used) -> value("cores " + group.name().toLowerCase(Locale.ROOT), used));
		received.kinds().forEach((kind, count) -> this.notes.add(count + " x " + kind));
	}

	/** Waits for the worker, and counts what it leaves. */
	void awaitWorker() throws SQLException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		long left = this.servers.unconfirmed();
		while (left > 0 && System.nanoTime() < end) {
			pass(Duration.ofMillis(200));
			left = this.servers.unconfirmed();
		}
		value("unconfirmed", left);
	}

	void value(String metric, Number value) {
		this.values.put(metric, value.doubleValue());
	}

	void note(String note) {
		this.notes.add(note);
	}

	Measurement measurement(Scenario scenario, String contender, int round) throws IOException {
		value("highest sessions", this.sampler.highestSessions());
		value("settled sessions", this.sampler.highestSettled());
		value("refused connects", this.servers.refused());
		value("redis clients", this.sampler.redisClients());
		value("channels", this.sampler.channels());
		value("failed starts", this.fleet.failedStarts());
		List<Measurement.Moment> timeline = new ArrayList<>();
		if (this.answers != null) {
			List<Answers.Second> seconds = this.answers.seconds();
			int offset = (int) Math.max(0, Duration.between(this.sampler.began(), this.answers.began()).toSeconds());
			for (int i = 0; i < seconds.size(); i++) {
				int at = offset + i;
				Answers.Second second = seconds.get(i);
				timeline.add(new Measurement.Moment((at < this.sessions.size()) ? this.sessions.get(at) : 0,
						second.completed(), this.refuses ? second.refused() : 0,
						second.failed() + (this.refuses ? 0 : second.refused())));
			}
		}
		return new Measurement(scenario.key(), contender, round, this.values, this.notes, timeline);
	}

	private static List<String> addresses(List<Instance> instances) {
		return instances.stream().map(Instance::address).toList();
	}

	private UserProcess traffic() {
		if (this.users == null) {
			throw new IllegalStateException("there are no users yet");
		}
		return this.users;
	}

	@Override
	public void close() throws SQLException {
		if (this.users != null) {
			this.users.close();
		}
		try (this.servers; this.fleet) {
			this.sampler.close();
		}
	}

}
