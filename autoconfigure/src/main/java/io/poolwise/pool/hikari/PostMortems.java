package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectTrouble;
import io.poolwise.pool.Exhaustion;
import io.poolwise.pool.ExhaustionReport;
import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.PostMortem;
import io.poolwise.pool.Verdict;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why callers get no connection: at once and roughly for whoever waited in
 * vain, at most once a second; and thoroughly, at most once a minute, for the log. The
 * thorough one looks again after a while: a thread that waited for a second connection
 * within one piece of work gives the first one back when it has failed, a thread that
 * forgot a connection doesn't.
 */
final class PostMortems {

	private static final Logger logger = LoggerFactory.getLogger(PostMortems.class);

	private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

	private static final long REPORT_PERIOD = TimeUnit.SECONDS.toNanos(60);

	private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

	private final HikariDataSource pool;

	private final HolderWatch watch;

	private final HikariResizer resizer;

	private final Executor executor;

	private final LongSupplier nanos;

	private final ReentrantLock judging = new ReentrantLock();

	private final Map<Verdict, Long> verdicts = new ConcurrentHashMap<>();

	private final AtomicLong nextReport;

	private volatile @Nullable Judged judged;

	private volatile @Nullable PostMortem last;

	private volatile PoolTrouble reported = PoolTrouble.NONE;

	PostMortems(HikariDataSource pool, HolderWatch watch, HikariResizer resizer, Executor executor,
			LongSupplier nanos) {
		this.pool = pool;
		this.watch = watch;
		this.resizer = resizer;
		this.executor = executor;
		this.nanos = nanos;
		this.nextReport = new AtomicLong(nanos.getAsLong());
		later(watch.period(), this::look);
	}

	private void look() {
		if (!this.pool.isClosed()) {
			try {
				this.watch.look(this.nanos.getAsLong());
			}
			finally {
				later(this.watch.period(), this::look);
			}
		}
	}

	/**
	 * The last judgement.
	 * @return the judgement, {@code null} if nobody ever went without
	 */
	@Nullable PostMortem last() {
		return this.last;
	}

	/**
	 * How often a report came to each verdict.
	 * @return the numbers of those that one came to
	 */
	Map<Verdict, Long> verdicts() {
		return this.verdicts;
	}

	/**
	 * Hears that a caller was refused. Takes no time.
	 * @param shortage the pool as it was then
	 * @param refusals callers that were refused so far
	 * @param timeouts callers that waited in vain so far
	 */
	void refused(PoolShortage shortage, LongSupplier refusals, LongSupplier timeouts) {
		if (isReportDue()) {
			Thread caller = Thread.currentThread();
			this.executor.execute(() -> report(look(shortage, Duration.ZERO, caller), refusals, timeouts));
		}
	}

	/**
	 * Hears that a caller waited in vain.
	 * @param shortage the pool as it is
	 * @param waited how long the caller waited
	 * @param refusals callers that were refused so far
	 * @param timeouts callers that waited in vain so far
	 * @return why, as it looks
	 */
	PostMortem timedOut(PoolShortage shortage, Duration waited, LongSupplier refusals, LongSupplier timeouts) {
		boolean report = isReportDue();
		this.judging.lock();
		try {
			long now = this.nanos.getAsLong();
			Judged judged = this.judged;
			if (report || judged == null || now - judged.at >= FRESH) {
				Seen seen = look(shortage, waited, Thread.currentThread());
				judged = new Judged(now, PostMortem.of(seen.facts(0)));
				this.judged = judged;
				this.last = judged.postMortem;
				if (report) {
					report(seen, refusals, timeouts);
				}
			}
			return judged.postMortem;
		}
		finally {
			this.judging.unlock();
		}
	}

	private boolean isReportDue() {
		long now = this.nanos.getAsLong();
		long due = this.nextReport.get();
		return now - due >= 0 && this.nextReport.compareAndSet(due, now + REPORT_PERIOD);
	}

	private Seen look(PoolShortage shortage, Duration waited, Thread caller) {
		long now = this.nanos.getAsLong();
		return new Seen(shortage, waited, this.watch.holders(now, caller), this.resizer.reachability().connectTrouble(),
				this.resizer.reachability().connectFailure(),
				TimeUnit.MILLISECONDS.toNanos(this.pool.getConnectionTimeout()));
	}

	private void report(Seen seen, LongSupplier refusals, LongSupplier timeouts) {
		Duration delay = SECOND_LOOK.plus(this.watch.period());
		later(delay, () -> {
			if (this.pool.isClosed()) {
				return;
			}
			Exhaustion facts = seen.facts(delay.toNanos());
			PostMortem postMortem = PostMortem.of(facts);
			this.last = postMortem;
			this.verdicts.merge(postMortem.verdict(), 1L, Long::sum);
			PoolTrouble before = this.reported;
			PoolTrouble now = new PoolTrouble(refusals.getAsLong(), timeouts.getAsLong(), postMortem);
			this.reported = now;
			logger.warn("{}", ExhaustionReport.of(facts, postMortem, now.timeouts() - before.timeouts(),
					now.refused() - before.refused()));
		});
	}

	private void later(Duration delay, Runnable task) {
		CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, this.executor).execute(task);
	}

	/**
	 * A rough judgement.
	 *
	 * @param at when
	 * @param postMortem the judgement
	 */
	private record Judged(long at, PostMortem postMortem) {
	}

	/**
	 * What was seen at the moment of a failure.
	 */
	private record Seen(PoolShortage shortage, Duration waited, List<HolderWatch.Held> holders, ConnectTrouble connects,
			@Nullable String connectFailure, long longestWait) {

		Exhaustion facts(long since) {
			return new Exhaustion(this.shortage, this.waited,
					this.holders.stream().map((held) -> held.holder(this.longestWait, since)).toList(), this.connects,
					this.connectFailure);
		}

	}

}
