package io.poolwise.governor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ManagedPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the pools of an application before it takes requests, all at the same time, each
 * within its time limit. Safe for any thread.
 */
public class PoolWarmUp {

	private static final Logger logger = LoggerFactory.getLogger(PoolWarmUp.class);

	private static final Duration PROGRESS = Duration.ofSeconds(5);

	private final PoolGovernor governor;

	private final Function<ManagedPool, WarmUpSettings> settings;

	/**
	 * Creates the warm-up of a governor's pools.
	 * @param governor knows the pools
	 * @param settings what is said for each
	 */
	public PoolWarmUp(PoolGovernor governor, Function<ManagedPool, WarmUpSettings> settings) {
		this.governor = governor;
		this.settings = settings;
	}

	/**
	 * Fills the pools there are. Returns when all have their minimum or have run out of
	 * time; never throws because of a pool.
	 * @throws InterruptedException if the thread is interrupted, which ends the attempt
	 */
	public void run() throws InterruptedException {
		List<Filling> fillings = new ArrayList<>();
		for (Member member : this.governor.members()) {
			ManagedPool pool = member.pool().pool();
			WarmUpSettings settings = this.settings.apply(pool);
			if (settings.enabled()) {
				fillings.add(new Filling(pool, settings, pace(settings)));
			}
		}
		fillings.forEach(Filling::begin);
		try {
			for (Filling filling : fillings) {
				this.governor.warmedUp(filling.pool.name(), filling.await());
			}
		}
		finally {
			fillings.forEach(Filling::end);
		}
	}

	private ConnectPace pace(WarmUpSettings settings) {
		FleetPolicy fleet = this.governor.fleet();
		int instances = fleet.isPeakKnown() ? fleet.fleet().peak() : 1;
		return new ConnectPace(settings.pause(instances), System::nanoTime,
				() -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * What came of it.
	 *
	 * @param took how long it took
	 * @param missing connections of the minimum that were not open at its end
	 */
	public record Outcome(Duration took, int missing) {
	}

	/**
	 * The warm-up of one pool, on a thread of its own: a connect can't be interrupted.
	 */
	private final class Filling implements Runnable {

		private final ManagedPool pool;

		private final WarmUpSettings settings;

		private final ConnectPace pace;

		private final CountDownLatch done = new CountDownLatch(1);

		private final Thread thread;

		private final long begin = System.nanoTime();

		private volatile long end;

		Filling(ManagedPool pool, WarmUpSettings settings, ConnectPace pace) {
			this.pool = pool;
			this.settings = settings;
			this.pace = pace;
			this.thread = new Thread(this, "warm-up-" + pool.name());
			this.thread.setDaemon(true);
		}

		void begin() {
			this.thread.start();
		}

		void end() {
			this.thread.interrupt();
		}

		@Override
		public void run() {
			try {
				awaitLeases();
				this.pool.warmUp(this.pace);
			}
			catch (InterruptedException ex) {
				// its time is over
			}
			catch (Exception | Error ex) {
				logger.debug("{}: could not be warmed up", this.pool.name(), ex);
			}
			finally {
				this.end = System.nanoTime();
				this.done.countDown();
			}
		}

		/**
		 * An instance that has just joined the fleet may open nothing yet, and has the
		 * slots of its minimum a moment after it asked for them.
		 */
		private void awaitLeases() throws InterruptedException {
			CountDownLatch never = new CountDownLatch(1);
			while (PoolWarmUp.this.governor.lease(this.pool.name()).filter((share) -> !share.complete()).isPresent()) {
				boolean unused = never.await(50, TimeUnit.MILLISECONDS);
			}
		}

		Outcome await() throws InterruptedException {
			long limit = this.begin + this.settings.timeout().toNanos();
			boolean over = false;
			while (!over && !this.done.await(Math.min(PROGRESS.toNanos(), limit - System.nanoTime()),
					TimeUnit.NANOSECONDS)) {
				over = System.nanoTime() - limit >= 0;
				if (!over) {
					logger.info("{}: warming up, {} of {} connections are missing", this.pool.name(),
							this.pool.missing(), this.pool.target().min());
				}
			}
			Duration took = Duration.ofNanos((over ? System.nanoTime() : this.end) - this.begin);
			int missing = this.pool.missing();
			if (missing == 0) {
				logger.info("{}: warm after {} ms", this.pool.name(), took.toMillis());
			}
			else {
				logger.warn("{}: {} connections were missing after {} ms of warm-up; starting anyway: {}",
						this.pool.name(), missing, took.toMillis(),
						this.pool.connectFailure().orElse("they take longer than the time limit"));
			}
			return new Outcome(took, missing);
		}

	}

}
