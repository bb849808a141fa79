package io.poolwise.governor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.poolwise.budget.LimitReading;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Asks the pools' servers again what they grant: every few minutes, when one may have
 * changed, and soon where one could not be asked. The only place that tries again: each
 * pool has one attempt at a time and pauses that grow, whoever wants to know meanwhile.
 * Safe for any thread; a server is never asked under a lock.
 */
final class LimitRefresh implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PoolGovernor.class);

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private static final long FIRST_PAUSE_MILLIS = 1_000;

	private static final long LONGEST_PAUSE_MILLIS = 30_000;

	// HikariCP tries a server that is down every 5 s for as long as somebody waits
	private static final long LONGEST_PAUSE_WHILE_AWAITED_MILLIS = 4_000;

	/** As long as most callers wait who have asked once. */
	private static final Duration AWAITED = Duration.ofSeconds(30);

	private final Members members;

	private final FleetLeases leases;

	private final ScheduledExecutorService executor;

	private final Consumer<Map<String, LimitReading>> answers;

	private final Map<String, Watch> watches = new ConcurrentHashMap<>();

	private final Future<?> regular;

	private volatile boolean paused;

	/**
	 * Begins to ask.
	 * @param members the pools
	 * @param leases hears of each answer first, since joining a fleet may ask the server
	 * @param executor runs what may wait for a server
	 * @param answers is given what the servers of pools said, by the pools' names: all at
	 * once that are on one server
	 */
	LimitRefresh(Members members, FleetLeases leases, ScheduledExecutorService executor,
			Consumer<Map<String, LimitReading>> answers) {
		this.members = members;
		this.leases = leases;
		this.executor = executor;
		this.answers = answers;
		this.regular = executor.scheduleWithFixedDelay(
				new SteadyTask("The servers' limits are not read again now", this::askAll), INTERVAL.toSeconds(),
				INTERVAL.toSeconds(), TimeUnit.SECONDS);
	}

	private void askAll() {
		if (!this.paused) {
			this.members.all().forEach((member) -> ask(member.name()));
		}
	}

	/**
	 * Asks only where a pool connects, until {@link #resume()}.
	 */
	void pause() {
		this.paused = true;
		this.watches.values().forEach(Watch::drop);
	}

	/**
	 * Asks every few minutes again; all at once, where nothing was asked for a while.
	 */
	void resume() {
		if (this.paused) {
			this.paused = false;
			this.executor.execute(this::askAll);
		}
	}

	/**
	 * Begins with a pool.
	 * @param name the pool's name
	 * @param known whether its server's first answer said all there is to know
	 */
	void watch(String name, boolean known) {
		Watch watch = new Watch(name);
		this.watches.put(name, watch);
		if (!known) {
			watch.ended(false);
		}
	}

	/**
	 * Forgets a pool.
	 * @param name the pool's name
	 */
	void forget(String name) {
		Watch watch = this.watches.remove(name);
		if (watch != null) {
			watch.cancel();
		}
	}

	/**
	 * Has the server of a pool asked as soon as that makes sense: at once, or a few
	 * seconds after an attempt that failed. Never waits.
	 * @param name the pool's name; nothing happens if there is no such pool
	 */
	void ask(String name) {
		Watch watch = this.watches.get(name);
		if (watch != null) {
			watch.ask();
		}
	}

	/**
	 * Asks, and those on the same server too if it turns out to be another one than it
	 * was, so that none of them takes it for its own.
	 * @return whether all is known that there is to know
	 */
	private boolean read(Member before) {
		Map<String, LimitReading> readings = new LinkedHashMap<>();
		LimitReading reading = before.pool().limits().read();
		readings.put(before.name(), reading);
		boolean known = tellLeases(before, reading);
		if (reading instanceof LimitReading.Granted granted && before.reading() instanceof LimitReading.Granted last
				&& !granted.identity().equals(last.identity())) {
			for (Member neighbour : this.members.on(before.server())) {
				if (!neighbour.name().equals(before.name())) {
					LimitReading other = neighbour.pool().limits().read();
					readings.put(neighbour.name(), other);
					if (!tellLeases(neighbour, other)) {
						ask(neighbour.name());
					}
				}
			}
		}
		this.answers.accept(readings);
		if (reading instanceof LimitReading.Unavailable unavailable) {
			logger.debug("{}: the server's limit could not be read again, asking later: {}", before.name(),
					unavailable.reason());
			return false;
		}
		return known;
	}

	private boolean tellLeases(Member member, LimitReading reading) {
		try {
			return this.leases.read(member.pool(), reading,
					ServerPlan.budget(member.pool().request().budget(), reading));
		}
		catch (LeasesImpossibleException ex) {
			// told by the leases themselves
			return false;
		}
	}

	@Override
	public void close() {
		this.regular.cancel(true);
		List.copyOf(new ArrayList<>(this.watches.keySet())).forEach(this::forget);
	}

	/**
	 * The attempts for one pool. Only the monitor's owner changes what is in here, and
	 * nobody waits in it.
	 */
	private final class Watch {

		private final String name;

		private boolean running;

		private boolean wanted;

		private boolean cancelled;

		private int failures;

		private long askedAt = System.nanoTime() - AWAITED.toNanos();

		private long endedAt;

		private @Nullable Future<?> next;

		private long nextAt;

		Watch(String name) {
			this.name = name;
		}

		synchronized void ask() {
			this.askedAt = System.nanoTime();
			if (this.running) {
				// what the attempt under way says may be older than what is asked for
				this.wanted = this.failures == 0;
				return;
			}
			long pause = (this.failures == 0) ? 0 : pause(LONGEST_PAUSE_WHILE_AWAITED_MILLIS);
			schedule((this.failures == 0) ? System.nanoTime() : this.endedAt + TimeUnit.MILLISECONDS.toNanos(pause));
		}

		synchronized void cancel() {
			this.cancelled = true;
			drop();
		}

		/** Drops the attempt that is due, if there is one. */
		synchronized void drop() {
			Future<?> next = this.next;
			if (next != null) {
				next.cancel(false);
				this.next = null;
			}
		}

		private void schedule(long at) {
			Future<?> next = this.next;
			if (this.cancelled || (next != null && this.nextAt - at <= 0)) {
				return;
			}
			if (next != null) {
				next.cancel(false);
			}
			this.nextAt = at;
			long delay = Math.max(0, at - System.nanoTime());
			this.next = LimitRefresh.this.executor.schedule(this::run, delay, TimeUnit.NANOSECONDS);
		}

		private synchronized boolean begin() {
			this.next = null;
			if (this.running || this.cancelled) {
				return false;
			}
			this.running = true;
			return true;
		}

		private synchronized boolean isFirstFailure() {
			return this.failures == 0;
		}

		private void run() {
			if (!begin()) {
				return;
			}
			boolean known = false;
			try {
				Member member = LimitRefresh.this.members.get(this.name);
				known = member == null || read(member);
			}
			catch (Throwable ex) {
				logger.atLevel(isFirstFailure() ? Level.WARN : Level.DEBUG)
					.setCause(ex)
					.log("{}: the server's limit could not be read again, the pool keeps its size", this.name);
				if (ex instanceof Error error) {
					throw error;
				}
			}
			finally {
				ended(known);
			}
		}

		/**
		 * An attempt is over.
		 * @param known whether there is nothing to try again for
		 */
		synchronized void ended(boolean known) {
			this.running = false;
			this.endedAt = System.nanoTime();
			this.failures = known ? 0 : this.failures + 1;
			if (!known && !LimitRefresh.this.paused) {
				schedule(this.endedAt + TimeUnit.MILLISECONDS.toNanos(pause(longestPause())));
			}
			else if (known && this.wanted) {
				schedule(this.endedAt);
			}
			this.wanted = false;
		}

		private long longestPause() {
			boolean awaited = System.nanoTime() - this.askedAt < AWAITED.toNanos();
			return awaited ? LONGEST_PAUSE_WHILE_AWAITED_MILLIS : LONGEST_PAUSE_MILLIS;
		}

		/**
		 * Doubles with each failure; at random between half of it and all of it.
		 */
		private long pause(long longest) {
			long most = Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(this.failures - 1, 10));
			return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
		}

	}

}
