package io.poolwise.actuate;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.poolwise.advice.Advice;
import io.poolwise.advice.SizingAdvisor;
import io.poolwise.advice.UsageWindow;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.SteadyTask;
import io.poolwise.pool.PoolCounts;
import org.jspecify.annotations.Nullable;

/**
 * What the pools did in the last half hour, a sample a second. Sampling reads the pools'
 * counters: it waits for no pool and asks no server. Safe for any thread.
 */
public class UsageHistory implements AutoCloseable {

	/**
	 * From one sample to the next.
	 */
	public static final Duration INTERVAL = Duration.ofSeconds(1);

	/**
	 * Samples kept of a pool.
	 */
	static final int KEPT = 1800;

	/**
	 * Samples that {@link #recent()} shows.
	 */
	static final int SHOWN = 300;

	/**
	 * Samples for which an advice is kept.
	 */
	static final int ADVICE_KEPT = 10;

	/**
	 * How exactly HikariCP measures how long a connection is held.
	 */
	private static final Duration ROUNDING = Duration.ofMillis(1);

	private final PoolGovernor governor;

	private final UsageMeter meter;

	private final Map<String, UsageRing> rings = new HashMap<>();

	private final Map<String, Judged> judged = new HashMap<>();

	private long taken;

	private final Future<?> sampling;

	/**
	 * Starts to sample.
	 * @param governor knows the pools
	 * @param meter knows what callers did
	 * @param executor runs the sampling
	 */
	public UsageHistory(PoolGovernor governor, UsageMeter meter, ScheduledExecutorService executor) {
		this.governor = governor;
		this.meter = meter;
		this.sampling = executor.scheduleAtFixedRate(
				new SteadyTask("The pools can't be sampled for the history and the advice", this::sample),
				INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Takes samples when told to only.
	 */
	UsageHistory(PoolGovernor governor, UsageMeter meter) {
		this.governor = governor;
		this.meter = meter;
		this.sampling = CompletableFuture.completedFuture(null);
	}

	/**
	 * Takes a sample of every pool. If one can't be read, all are left out of this one,
	 * so that samples of the same place are of the same moment.
	 */
	void sample() {
		Map<String, Sample> samples;
		try {
			samples = read();
		}
		catch (RuntimeException | Error ex) {
			synchronized (this) {
				this.rings.values().forEach(UsageRing::skip);
			}
			throw ex;
		}
		synchronized (this) {
			this.taken++;
			this.rings.keySet().retainAll(samples.keySet());
			this.judged.keySet().retainAll(samples.keySet());
			samples.forEach((pool, sample) -> this.rings.computeIfAbsent(pool, (name) -> new UsageRing(KEPT))
				.add(sample.counts(), sample.totals()));
		}
	}

	private Map<String, Sample> read() {
		Map<String, Sample> samples = new LinkedHashMap<>();
		for (PoolReport pool : this.governor.pools()) {
			samples.put(pool.name(), new Sample(pool.actual(), this.meter.read(pool.name())));
		}
		return samples;
	}

	/**
	 * What the advice on a pool rests on.
	 * @param pool the pool's name
	 * @return its samples, oldest first; none if there is no such pool
	 */
	synchronized UsageWindow window(String pool) {
		UsageRing ring = this.rings.get(pool);
		return new UsageWindow(INTERVAL, (ring != null) ? ring.samples() : List.of(), ROUNDING);
	}

	/**
	 * What the samples say about a pool's sizes. Half an hour doesn't change within
	 * seconds, and to judge it takes milliseconds: the judgement is kept for
	 * {@value #ADVICE_KEPT} samples.
	 * @param pool the pool's name
	 * @return the advice, or what is missing
	 */
	Advice advice(String pool) {
		synchronized (this) {
			Judged known = this.judged.get(pool);
			if (known != null && this.taken - known.taken() < ADVICE_KEPT) {
				return known.advice();
			}
		}
		Advice advice = SizingAdvisor.advise(window(pool));
		synchronized (this) {
			if (this.rings.containsKey(pool)) {
				this.judged.put(pool, new Judged(advice, this.taken));
			}
		}
		return advice;
	}

	/**
	 * The last minutes as numbers only.
	 * @return {@code interval_ms}, and {@code pools}: of each, by its name, {@code size},
	 * {@code free}, {@code used} and {@code pending}, oldest first
	 */
	synchronized Map<String, Object> recent() {
		Map<String, Object> pools = new LinkedHashMap<>();
		this.rings.forEach((name, ring) -> pools.put(name, ring.series(SHOWN)));
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("interval_ms", INTERVAL.toMillis());
		json.put("pools", pools);
		return json;
	}

	@Override
	public void close() {
		this.sampling.cancel(false);
	}

	private record Sample(PoolCounts counts, @Nullable UsageTotals totals) {
	}

	private record Judged(Advice advice, long taken) {
	}

}
