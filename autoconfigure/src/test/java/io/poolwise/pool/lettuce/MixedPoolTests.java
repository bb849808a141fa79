package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MixedPool}.
 */
class MixedPoolTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private final ManualSource source = new ManualSource();

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

	@Test
	void opensNoMoreThanItMay() {
		MixedPool<String, String> pool = pool(0, 2);
		List<CompletableFuture<String>> callers = acquire(pool, "a", 3);
		assertThat(this.source.opening()).isEqualTo(2);
		assertThat(pool.counts()).isEqualTo(new PoolCounts(2, 0, 0, 3));
		this.source.opened();
		this.source.opened();
		assertThat(callers.get(1)).isCompletedWithValue("a2");
		assertThat(callers.get(2)).isNotDone();
		assertThat(pool.counts()).isEqualTo(new PoolCounts(2, 0, 2, 1));
		assertThat(pool.release("a1")).isTrue();
		assertThat(callers.get(2)).isCompletedWithValue("a1");
	}

	@Test
	void lendsWhatWasReturnedLast() {
		MixedPool<String, String> pool = pool(0, 3);
		borrow(pool, "a", 3);
		pool.release("a1");
		pool.release("a3");
		assertThat(acquire(pool, "a", 1).get(0)).isCompletedWithValue("a3");
	}

	@Test
	void anIdleConnectionOfAnotherTypeMakesRoomOnceItIsReallyClosed() {
		MixedPool<String, String> pool = pool(0, 1);
		borrow(pool, "a", 1);
		pool.release("a1");
		CompletableFuture<String> caller = acquire(pool, "b", 1).get(0);
		assertThat(this.source.closing()).containsExactly("a1");
		assertThat(this.source.opening()).isZero();
		assertThat(pool.counts()).isEqualTo(new PoolCounts(1, 0, 0, 1));
		this.source.closed();
		this.source.opened();
		assertThat(caller).isCompletedWithValue("b2");
		assertThat(this.source.highest()).isEqualTo(1);
	}

	@Test
	void makesRoomForEachCallerOnlyOnce() {
		MixedPool<String, String> pool = pool(0, 3);
		borrow(pool, "a", 3);
		pool.release("a1");
		acquire(pool, "b", 1);
		pool.release("a2");
		pool.release("a3");
		assertThat(this.source.closing()).containsExactly("a1");
	}

	@Test
	void aReturnedConnectionIsClosedForACallerOfAnotherTypeThatAloneWaits() {
		MixedPool<String, String> pool = pool(0, 1);
		borrow(pool, "a", 1);
		CompletableFuture<String> caller = acquire(pool, "b", 1).get(0);
		pool.release("a1");
		this.source.closed();
		this.source.opened();
		assertThat(caller).isCompletedWithValue("b2");
	}

	@Test
	void aReturnedConnectionStaysWithItsTypeUnlessAnotherWaitsMuchLonger() {
		MixedPool<String, String> pool = pool(0, 2);
		borrow(pool, "a", 2);
		CompletableFuture<String> other = acquire(pool, "b", 1).get(0);
		this.nanos.addAndGet(Duration.ofMillis(50).toNanos());
		CompletableFuture<String> own = acquire(pool, "a", 1).get(0);
		pool.release("a1");
		assertThat(own).isCompletedWithValue("a1");
		this.nanos.addAndGet(Duration.ofMillis(51).toNanos());
		CompletableFuture<String> late = acquire(pool, "a", 1).get(0);
		pool.release("a2");
		assertThat(late).isNotDone();
		this.source.closed();
		this.source.opened();
		assertThat(other).isCompletedWithValue("b3");
	}

	@Test
	void growthOpensForEveryWaitingCaller() {
		MixedPool<String, String> pool = pool(0, 1);
		acquire(pool, "a", 4);
		pool.resize(PoolSize.of(0, 3));
		assertThat(this.source.opening()).isEqualTo(3);
	}

	@Test
	void overflowBelongsToTheBound() {
		MixedPool<String, String> pool = pool(0, 1);
		acquire(pool, "a", 4);
		pool.resize(new PoolSize(0, 1, 2));
		assertThat(this.source.opening()).isEqualTo(3);
	}

	@Test
	void shrinkingClosesTheIdleOnesThatWereUsedLeastRecently() {
		MixedPool<String, String> pool = pool(0, 4);
		borrow(pool, "a", 4);
		pool.release("a2");
		pool.release("a1");
		pool.release("a3");
		pool.resize(PoolSize.of(0, 2));
		assertThat(this.source.closing()).containsExactlyInAnyOrder("a1", "a2");
		assertThat(pool.counts()).isEqualTo(new PoolCounts(4, 1, 1, 0));
		this.source.closed();
		this.source.closed();
		assertThat(pool.counts()).isEqualTo(new PoolCounts(2, 1, 1, 0));
	}

	@Test
	void shrinkingClosesWhatIsBeingOpenedWhenItArrives() {
		MixedPool<String, String> pool = pool(0, 2);
		List<CompletableFuture<String>> callers = acquire(pool, "a", 2);
		pool.resize(PoolSize.of(0, 1));
		this.source.opened();
		assertThat(this.source.closing()).containsExactly("a1");
		this.source.closed();
		this.source.opened();
		assertThat(callers.get(0)).isCompletedWithValue("a2");
		pool.release("a2");
		assertThat(callers.get(1)).isCompletedWithValue("a2");
	}

	@Test
	void aCallerThatGaveUpIsForgottenAndItsConnectionStays() {
		MixedPool<String, String> pool = pool(0, 1);
		CompletableFuture<String> caller = pool.acquire("a", Duration.ofMillis(20));
		await().atMost(Duration.ofSeconds(30)).until(caller::isCompletedExceptionally);
		assertThatThrownBy(caller::join).hasCauseInstanceOf(TimeoutException.class);
		assertThat(pool.counts().pending()).isZero();
		this.source.opened();
		assertThat(pool.counts()).isEqualTo(new PoolCounts(1, 1, 0, 0));
	}

	@Test
	void aCallerThatCancelsIsForgotten() {
		MixedPool<String, String> pool = pool(0, 1);
		List<CompletableFuture<String>> callers = acquire(pool, "a", 2);
		callers.get(0).cancel(false);
		assertThat(pool.counts().pending()).isEqualTo(1);
		this.source.opened();
		assertThat(callers.get(1)).isCompletedWithValue("a1");
	}

	@Test
	void whereNothingCanComeBackCallersLearnAtOnceWhyNothingOpens() {
		MixedPool<String, String> pool = pool(0, 1);
		List<CompletableFuture<String>> callers = acquire(pool, "a", 3);
		this.source.openFails(new IllegalStateException("refused"));
		assertThat(callers).allMatch(CompletableFuture::isCompletedExceptionally);
		assertThat(pool.openFailure()).hasMessage("refused");
		assertThat(pool.counts()).isEqualTo(PoolCounts.EMPTY);
		acquire(pool, "a", 1);
		this.source.opened();
		assertThat(pool.openFailure()).isNull();
	}

	@Test
	void whereOneMayComeBackCallersWaitAndOpeningIsTriedAgain() {
		MixedPool<String, String> pool = pool(0, 3);
		borrow(pool, "a", 1);
		List<CompletableFuture<String>> callers = acquire(pool, "a", 2);
		this.source.openFails(new IllegalStateException("refused"));
		this.source.openFails(new IllegalStateException("refused"));
		assertThat(callers).noneMatch(CompletableFuture::isDone);
		pool.release("a1");
		assertThat(callers.get(0)).isCompletedWithValue("a1");
		assertThat(this.source.opening()).as("during the pause").isZero();
		this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		await().atMost(Duration.ofSeconds(30)).until(() -> this.source.opening() == 1);
		this.source.opened();
		assertThat(callers.get(1)).isCompletedWithValue("a2");
	}

	@Test
	void aConnectionThatIsBrokenIsNotLentAgain() {
		MixedPool<String, String> pool = pool(0, 2);
		borrow(pool, "a", 2);
		pool.release("a1");
		this.source.breaks("a1");
		this.source.breaks("a2");
		pool.release("a2");
		assertThat(this.source.closing()).containsExactly("a2");
		CompletableFuture<String> caller = acquire(pool, "a", 1).get(0);
		assertThat(this.source.closing()).containsExactlyInAnyOrder("a1", "a2");
		this.source.closed();
		this.source.opened();
		assertThat(caller).isCompletedWithValue("a3");
	}

	@Test
	void keepsItsMinimumAndLetsOldOnesAboveItGo() {
		MixedPool<String, String> pool = pool(2, 4);
		pool.maintain(Duration.ofMinutes(1));
		assertThat(this.source.opening()).isEqualTo(2);
		this.source.opened();
		this.source.opened();
		assertThat(pool.counts()).isEqualTo(new PoolCounts(2, 2, 0, 0));
		borrow(pool, "warm", 4);
		List.of("warm1", "warm2", "warm3", "warm4").forEach(pool::release);
		this.nanos.addAndGet(Duration.ofSeconds(61).toNanos());
		pool.maintain(Duration.ofMinutes(1));
		assertThat(this.source.closing()).hasSize(2);
	}

	@Test
	void replacesBrokenOnesUpToTheMinimum() {
		MixedPool<String, String> pool = pool(1, 4);
		pool.maintain(LONG);
		this.source.breaks(this.source.opened());
		pool.maintain(LONG);
		assertThat(this.source.closing()).hasSize(1);
		this.source.closed();
		pool.maintain(LONG);
		assertThat(this.source.opening()).isEqualTo(1);
	}

	@Test
	void closesWhatComesBackBeyondTheIdleBound() {
		MixedPool<String, String> pool = new MixedPool<>(this.source, PoolSize.of(0, 4), "warm", 1, this.nanos::get);
		borrow(pool, "a", 3);
		pool.release("a1");
		pool.release("a2");
		assertThat(this.source.closing()).containsExactly("a2");
	}

	@Test
	void aConnectionThatItsBorrowerClosedMakesRoom() {
		MixedPool<String, String> pool = pool(0, 1);
		borrow(pool, "a", 1);
		CompletableFuture<String> caller = acquire(pool, "a", 1).get(0);
		pool.lost("a1");
		pool.lost("a1");
		this.source.opened();
		assertThat(caller).isCompletedWithValue("a2");
		assertThat(pool.counts()).isEqualTo(new PoolCounts(1, 0, 1, 0));
		assertThat(pool.release("a1")).isFalse();
	}

	@Test
	void findsConnectionsThatTheirBorrowersClosed() {
		MixedPool<String, String> pool = pool(0, 2);
		borrow(pool, "a", 2);
		this.source.closedByItsBorrower("a1");
		pool.maintain(LONG);
		assertThat(pool.counts()).isEqualTo(new PoolCounts(1, 0, 1, 0));
	}

	@Test
	void knowsWhatItLent() {
		MixedPool<String, String> pool = pool(0, 2);
		borrow(pool, "a", 1);
		assertThat(pool.release("a7")).isFalse();
		assertThat(pool.release("a1")).isTrue();
		assertThat(pool.release("a1")).isFalse();
		assertThat(pool.counts()).isEqualTo(new PoolCounts(1, 1, 0, 0));
	}

	@Test
	void polledConnectionsAreFreeOnes() {
		MixedPool<String, String> pool = pool(0, 2);
		assertThat(pool.poll("a")).isNull();
		assertThat(this.source.opening()).isZero();
		borrow(pool, "a", 1);
		pool.release("a1");
		assertThat(pool.poll("b")).isNull();
		assertThat(pool.poll("a")).isEqualTo("a1");
		assertThat(pool.counts().used()).isEqualTo(1);
	}

	@Test
	void knowsWhenAConnectionLastCameBack() {
		MixedPool<String, String> pool = pool(0, 2);
		assertThat(pool.sinceLastReturn()).isNull();
		borrow(pool, "a", 1);
		pool.release("a1");
		this.nanos.addAndGet(70);
		assertThat(pool.sinceLastReturn()).isEqualTo(Duration.ofNanos(70));
	}

	@Test
	void closingRefusesCallersAndClosesEverything() {
		MixedPool<String, String> pool = pool(0, 3);
		borrow(pool, "a", 2);
		pool.release("a1");
		List<CompletableFuture<String>> callers = acquire(pool, "b", 2);
		CompletionStage<Void> closed = pool.close();
		assertThat(callers).allMatch(CompletableFuture::isCompletedExceptionally);
		assertThat(this.source.closing()).containsExactlyInAnyOrder("a1", "a2");
		assertThat(pool.release("a2")).isTrue();
		assertThat(acquire(pool, "a", 1).get(0)).isCompletedExceptionally();
		this.source.closed();
		this.source.closed();
		assertThat(closed.toCompletableFuture()).isNotDone();
		this.source.opened();
		this.source.closed();
		assertThat(closed.toCompletableFuture()).isCompleted();
		assertThat(pool.counts()).isEqualTo(PoolCounts.EMPTY);
	}

	@Test
	void closingAnEmptyPoolIsDoneAtOnce() {
		assertThat(pool(0, 3).close().toCompletableFuture()).isCompleted();
	}

	private MixedPool<String, String> pool(int min, int max) {
		return new MixedPool<>(this.source, PoolSize.of(min, max), "warm", Integer.MAX_VALUE, this.nanos::get);
	}

	private List<CompletableFuture<String>> acquire(MixedPool<String, String> pool, String type, int count) {
		List<CompletableFuture<String>> callers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			callers.add(pool.acquire(type, LONG));
		}
		return callers;
	}

	private void borrow(MixedPool<String, String> pool, String type, int count) {
		List<CompletableFuture<String>> callers = acquire(pool, type, count);
		while (this.source.opening() > 0) {
			this.source.opened();
		}
		assertThat(callers).allMatch(CompletableFuture::isDone);
	}

}
