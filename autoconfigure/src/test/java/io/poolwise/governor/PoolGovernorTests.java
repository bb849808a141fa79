package io.poolwise.governor;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.poolwise.budget.Fleet;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link PoolGovernor}, whose later tasks run when a test says so.
 */
class PoolGovernorTests {

	private final Held executor = new Held();

	private final PoolGovernor governor = new PoolGovernor(new FleetPolicy(FleetMode.FIXED, new Fleet(1, 0), true),
			FleetLeases.NONE, (kind, present) -> List.of(), this.executor, Clock.systemUTC());

	@AfterEach
	void close() {
		this.governor.close();
	}

	@Test
	void poolThatWaitsForAnotherIsLookedAtAgainOnceHoweverOftenItIsDecided() {
		Busy first = admit("first");
		// 97 less 10 are 87; the first has all of its 80 in use, and shrinks to 44
		first.counts = new PoolCounts(80, 0, 80, 0);
		Busy second = admit("second");
		assertThat(second.target.max()).isEqualTo(7);
		for (int i = 0; i < 20; i++) {
			this.governor.acknowledge(new UngovernedPool("other", PoolKind.RABBIT, null, 0, "a test says so"));
		}
		awaitWhatWasDelayed();
		assertThat(this.executor.tasks).hasSize(1);
		first.counts = new PoolCounts(44, 0, 44, 0);
		this.executor.tasks.remove().run();
		assertThat(second.target.max()).isEqualTo(43);
		awaitWhatWasDelayed();
		assertThat(this.executor.tasks).isEmpty();
	}

	/** Delays of the JDK end one after the other, so a longer one comes later. */
	private static void awaitWhatWasDelayed() {
		CompletableFuture<Void> later = CompletableFuture.runAsync(() -> {
		}, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
		await().atMost(Duration.ofSeconds(30)).until(later::isDone);
	}

	private Busy admit(String name) {
		Busy pool = new Busy(name);
		BudgetPolicy budget = new BudgetPolicy("pool.database.budget", null, Reserve.parse("10%"), BigDecimal.ONE,
				false);
		this.governor.admit(new GovernedPool(pool, pool,
				new PoolRequest(new PoolDemand(name, 1, 80, 0), false, "pool.database.max-size", budget, List.of())));
		return pool;
	}

	private static final class Held extends ScheduledThreadPoolExecutor {

		private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

		Held() {
			super(1);
		}

		@Override
		public void execute(Runnable command) {
			this.tasks.add(command);
		}

	}

	private static final class Busy implements ManagedPool, LimitSource {

		private final String name;

		private PoolCounts counts = PoolCounts.EMPTY;

		private PoolSize target = PoolSize.of(0, 1);

		Busy(String name) {
			this.name = name;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public PoolKind kind() {
			return PoolKind.DATABASE;
		}

		@Override
		public PoolCounts counts() {
			return this.counts;
		}

		@Override
		public PoolSize target() {
			return this.target;
		}

		@Override
		public void resize(PoolSize target) {
			this.target = target;
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
			return new LimitReading.Granted(new ServerIdentity("stub"), ServerLimit.ofServer(97, List.of("97")));
		}

		@Override
		public void onDoubt(Runnable action) {
		}

	}

}
