package io.poolwise.sample.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Looks at the servers again and again, in a thread of its own, and keeps the highest
 * numbers.
 */
final class Sampler implements AutoCloseable {

	private static final Duration STEP = Duration.ofMillis(10);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int OTHERS_EVERY = 20;

	private final Instant began;

	private final Servers servers;

	private final Fleet fleet;

	private final boolean leases;

	private final CpuMeter cpu = new CpuMeter();

	private final List<Integer> sessions = new ArrayList<>();

	private final Thread thread = new Thread(this::run, "sampler");

	private volatile long users = -1;

	private volatile boolean closed;

	private volatile int highestSessions;

	private volatile int highestSettled;

	private volatile int redisClients;

	private volatile int channels;

	private volatile @Nullable Throwable failure;

	private Map<CpuMeter.Group, Double> cpuBefore = Map.of();

	private long begin;

	Sampler(Servers servers, Fleet fleet, boolean leases, Clock clock) {
		this.began = clock.instant();
		this.servers = servers;
		this.fleet = fleet;
		this.leases = leases;
		this.thread.start();
	}

	private void run() {
		long start = System.nanoTime();
		try {
			for (int i = 0; !this.closed; i++) {
				look((int) ((System.nanoTime() - start) / 1_000_000_000));
				if (i % OTHERS_EVERY == 0) {
					this.redisClients = Math.max(this.redisClients, this.servers.redisClients());
					this.channels = Math.max(this.channels, this.servers.channels());
					lookAtProcesses();
				}
				LockSupport.parkNanos(STEP.toNanos());
			}
		}
		catch (IOException | SQLException | RuntimeException ex) {
			this.failure = ex;
		}
	}

	private void look(int second) throws SQLException {
		int open = this.servers.sessions();
		this.highestSessions = Math.max(this.highestSessions, open);
		int settled = (open > Servers.BUDGET) ? this.servers.settled(this.leases) : open;
		this.highestSettled = Math.max(this.highestSettled, settled);
		synchronized (this.sessions) {
			// a second without a look, on a busy machine, is as the next one
			while (this.sessions.size() <= second) {
				this.sessions.add(open);
			}
			this.sessions.set(second, Math.max(this.sessions.get(second), open));
		}
	}

	private void lookAtProcesses() {
		Set<Long> instances = this.fleet.alive().stream().map(Instance::pid).collect(Collectors.toSet());
		this.cpu.look(instances, this.users);
	}

	void users(long pid) {
		this.users = pid;
	}

	/** From now on, the use of processors counts. */
	void measure() {
		lookAtProcesses();
		this.cpuBefore = this.cpu.used();
		this.begin = System.nanoTime();
	}

	/** How many processors were in use since {@link #measure()}, on average. */
	Map<CpuMeter.Group, Double> cores() {
		lookAtProcesses();
		double seconds = (System.nanoTime() - this.begin) / 1e9;
		Map<CpuMeter.Group, Double> cores = new EnumMap<>(CpuMeter.Group.class);
		this.cpu.used()
			.forEach((group, used) -> cores.put(group, (used - this.cpuBefore.getOrDefault(group, 0.0)) / seconds));
		return cores;
	}

	int highestSessions() {
		return this.highestSessions;
	}

	/**
	 * The most sessions that were let in, those under way left out where the budget was
	 * reached.
	 */
	int highestSettled() {
		return this.highestSettled;
	}

	int redisClients() {
		return this.redisClients;
	}

	int channels() {
		return this.channels;
	}

	/** When the first second of {@link #sessions()} began. */
	Instant began() {
		return this.began;
	}

	/** The most sessions of each second since the sampler was made. */
	List<Integer> sessions() {
		synchronized (this.sessions) {
			return List.copyOf(this.sessions);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.thread.join(PATIENCE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Throwable thrown = this.failure;
		if (thrown != null) {
			throw new IllegalStateException("the servers were not watched to the end", thrown);
		}
	}

}
