package io.poolwise.governor;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.Reserve;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LimitRefresh}.
 */
@Timeout(120)
class LimitRefreshTests {

	private static final LimitReading AWAY = new LimitReading.Unavailable("a test says so");

	private final ScheduledExecutorService executor = new ScheduledThreadPoolExecutor(2,
			new ThreadPoolExecutor.DiscardPolicy());

	private final Members members = new Members();

	private final List<Map<String, LimitReading>> answers = new CopyOnWriteArrayList<>();

	private final LimitRefresh refresh = new LimitRefresh(this.members, FleetLeases.NONE, this.executor,
			this.answers::add);

	@AfterEach
	void close() {
		this.refresh.close();
		this.executor.shutdownNow();
	}

	private static LimitReading granted(String server) {
		return new LimitReading.Granted(new ServerIdentity(server), ServerLimit.ofServer(97, List.of()));
	}

	private Asked add(String name, LimitReading before, IntFunction<LimitReading> reading) {
		Asked pool = new Asked(name, reading, new AtomicInteger());
		BudgetPolicy budget = new BudgetPolicy("pool.database.budget", null, Reserve.parse("10%"), BigDecimal.ONE,
				false);
		this.members.put(Member.of(new GovernedPool(pool, pool,
				new PoolRequest(new PoolDemand(name, 1, 80, 0), false, "pool.database.max-size", budget, List.of())),
				before));
		this.refresh.watch(name, !(before instanceof LimitReading.Unavailable));
		return pool;
	}

	@Test
	void serverThatCannotBeAskedIsAskedLessAndLessOftenHoweverManyWantToKnow() {
		Asked pool = add("down", AWAY, (attempt) -> AWAY);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
		while (System.nanoTime() < end) {
			this.refresh.ask("down");
		}
		// pauses of at least 0.5, 1, 2, 2, 2 s
		assertThat(pool.reads()).hasValueBetween(1, 5);
		int before = pool.reads().get();
		await().atMost(Duration.ofSeconds(60)).until(() -> pool.reads().get() > before);
	}

	@Test
	void errorInOneAttemptIsNotTheEnd() {
		Asked pool = add("down", AWAY, (attempt) -> {
			if (attempt <= 2) {
				throw new OutOfMemoryError("played by a test");
			}
			return granted("a");
		});
		await().atMost(Duration.ofSeconds(30)).until(() -> !this.answers.isEmpty());
		assertThat(pool.reads()).hasValue(3);
		assertThat(this.answers.get(0)).containsEntry("down", granted("a"));
	}

	@Test
	void poolsOfAServerThatIsAnotherOneNowAreToldAtOnce() {
		add("first", granted("before"), (attempt) -> granted("after"));
		add("second", granted("before"), (attempt) -> granted("after"));
		add("elsewhere", granted("third"), (attempt) -> granted("third"));
		this.refresh.ask("first");
		await().atMost(Duration.ofSeconds(30)).until(() -> !this.answers.isEmpty());
		assertThat(this.answers).containsExactly(Map.of("first", granted("after"), "second", granted("after")));
	}

	private record Asked(String name, IntFunction<LimitReading> reading,
			AtomicInteger reads) implements ManagedPool, LimitSource {

		@Override
		public PoolKind kind() {
			return PoolKind.DATABASE;
		}

		@Override
		public PoolCounts counts() {
			return PoolCounts.EMPTY;
		}

		@Override
		public PoolSize target() {
			return PoolSize.of(0, 1);
		}

		@Override
		public void resize(PoolSize target) {
		}

		@Override
		public ServerProbe probe(Duration timeout) {
			return new ServerProbe.Failed("not asked");
		}

		@Override
		public Optional<String> connectFailure() {
			return Optional.empty();
		}

		@Override
		public LimitReading read() {
			return this.reading.apply(this.reads.incrementAndGet());
		}

		@Override
		public void onDoubt(Runnable action) {
		}

	}

}
