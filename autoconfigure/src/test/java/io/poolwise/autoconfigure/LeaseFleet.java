package io.poolwise.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.poolwise.lease.LeaseSettings;
import io.poolwise.testservers.TcpProxy;

/**
 * The instances of one scenario, and what was seen of them.
 */
final class LeaseFleet implements AutoCloseable {

	private static final Path LOGS = Path.of("target", "leases");

	private static final Duration SLOW = Duration.ofSeconds(4);

	private final LeaseGround ground;

	private final List<TcpProxy> proxies = new ArrayList<>();

	private final List<InstanceProcess> instances = new ArrayList<>();

	private final List<String> notes = new ArrayList<>();

	private int started;

	private int highest;

	private long refusedBefore;

	private long failedBorrows;

	private long failedStatements;

	private String lastFailure = "";

	private int mostAlive;

	private int losses;

	private int unfair;

	LeaseFleet(LeaseGround ground) throws Exception {
		this.ground = ground;
		this.refusedBefore = ground.refused();
		Files.createDirectories(LOGS);
	}

	LeaseGround ground() {
		return this.ground;
	}

	List<InstanceProcess> instances() {
		return this.instances;
	}

	InstanceProcess instance(int number) {
		return this.instances.get(number);
	}

	/** Starts instances at once, and returns when all are ready. */
	List<InstanceProcess> start(int count, String... more) throws Exception {
		return start(0, count, more);
	}

	List<InstanceProcess> start(int port, int count, String... more) throws Exception {
		List<InstanceProcess> news = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = this.started++;
			List<String> properties = new ArrayList<>(this.ground.properties(number, port));
			properties.addAll(List.of(more));
			news.add(InstanceProcess.start("app" + number, LOGS, properties));
		}
		this.instances.addAll(news);
		this.mostAlive = Math.max(this.mostAlive, this.instances.size());
		for (InstanceProcess instance : news) {
			instance.awaitReady();
		}
		return news;
	}

	void load(List<InstanceProcess> instances, int threads, String sql) throws IOException {
		for (InstanceProcess instance : instances) {
			instance.load(threads, sql);
		}
	}

	/** Watches the server for a while. */
	void watch(Duration time) throws SQLException {
		long end = System.nanoTime() + time.toNanos();
		while (System.nanoTime() < end) {
			look();
		}
	}

	/** Watches the server until something is so; how long that took, in milliseconds. */
	long watchUntil(Condition condition, Duration most) throws Exception {
		long begin = System.nanoTime();
		boolean told = false;
		Map<String, Integer> sessions = look();
		while (!condition.holds(sessions)) {
			long waited = System.nanoTime() - begin;
			if (waited > most.toNanos()) {
				this.unfair++;
				return -1;
			}
			if (waited > SLOW.toNanos() && !told) {
				told = true;
				this.notes.add("meanwhile " + sessions);
			}
			sessions = look();
		}
		return (System.nanoTime() - begin) / 1_000_000;
	}

	private Map<String, Integer> look() throws SQLException {
		Map<String, Integer> sessions = this.ground.sessions();
		this.highest = Math.max(this.highest, sessions.values().stream().mapToInt(Integer::intValue).sum());
		LockSupport.parkNanos(2_000_000);
		return sessions;
	}

	/** Whether each of the living instances has its equal part, give or take one. */
	boolean isFair(Map<String, Integer> sessions) {
		List<InstanceProcess> alive = this.instances.stream().filter(InstanceProcess::isAlive).toList();
		int each = this.ground.slots() / alive.size();
		return alive.stream().allMatch((instance) -> {
			int open = sessions.getOrDefault(instance.name(), 0);
			return open >= each - 1 && open <= each + 2;
		});
	}

	/**
	 * Counts coordinators and instances that were lost at one time: the server may still
	 * have their sessions.
	 */
	void lose(int members) {
		this.losses = Math.max(this.losses, members);
	}

	void note(String note) {
		this.notes.add(note);
	}

	/** Stops instances in order, after what they saw was noted. */
	void stop(List<InstanceProcess> instances) throws Exception {
		for (InstanceProcess instance : List.copyOf(instances)) {
			remember(instance);
			instance.stop();
			this.instances.remove(instance);
		}
	}

	void kill(InstanceProcess instance) throws Exception {
		remember(instance);
		lose(1);
		instance.kill();
		this.instances.remove(instance);
	}

	private void remember(InstanceProcess instance) throws IOException {
		InstanceProcess.Status status = instance.status();
		this.failedBorrows += status.failedBorrows();
		this.failedStatements += status.failedStatements();
		if (!status.lastFailure().isEmpty()) {
			this.lastFailure = status.lastFailure();
		}
	}

	/** What was seen, as a row. */
	Result result(String scenario) throws Exception {
		for (InstanceProcess instance : this.instances) {
			remember(instance);
		}
		return new Result(scenario, this.ground.product(), this.highest, this.ground.budget(), this.ground.limit(),
				this.ground.refused() - this.refusedBefore, this.failedBorrows, this.failedStatements,
				String.join("; ", this.notes), this.lastFailure,
				LeaseSettings.defaults(1, 0).excess(this.mostAlive, this.losses, 0), this.unfair);
	}

	/**
	 * A proxy before the server, which outlives the instances: its end would be failures
	 * of theirs.
	 */
	TcpProxy proxy() {
		TcpProxy proxy = this.ground.proxy();
		this.proxies.add(proxy);
		return proxy;
	}

	@Override
	public void close() throws Exception {
		for (InstanceProcess instance : this.instances) {
			instance.close();
		}
		for (TcpProxy proxy : this.proxies) {
			proxy.close();
		}
	}

	/**
	 * Something about the sessions of the server.
	 */
	interface Condition {

		boolean holds(Map<String, Integer> sessions) throws Exception;

	}

	/**
	 * A row of the table.
	 *
	 * @param excess connections that may stand above the budget for a moment
	 * @param unfair how often something awaited did not come
	 */
	record Result(String scenario, String server, int highest, int budget, int limit, long refused, long failedBorrows,
			long failedStatements, String notes, String lastFailure, int excess, int unfair) {

		String row() {
			return "| " + String.join(" | ", this.scenario, this.server, this.highest + "", this.budget + "",
					this.limit + "", this.refused + "", this.failedBorrows + "", this.failedStatements + "", this.notes)
					+ " |";
		}

	}

}
