package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of {@link MixedPool}: whatever happens in whatever order.
 */
class MixedPoolPropertyTests {

	private static final int LARGEST = 5;

	@Property(tries = 500)
	void neverMoreAliveThanAllowedAndNobodyIsLeftWaiting(
			@ForAll @Size(max = 80) List<@IntRange(min = 0, max = 99) Integer> steps) {
		Run run = new Run();
		steps.forEach(run::step);
		run.finish();
	}

	private static final class Run {

		private final ManualSource source = new ManualSource();

		private long nanos;

		private final MixedPool<String, String> pool = new MixedPool<>(this.source, PoolSize.of(1, 3), "a",
				Integer.MAX_VALUE, () -> this.nanos);

		private final List<CompletableFuture<String>> callers = new ArrayList<>();

		void step(int choice) {
			this.nanos += 30_000_000;
			int alive = this.source.alive();
			PoolSize target = act(choice);
			int allowed = (target != null) ? target.ceiling() : LARGEST;
			assertThat(this.source.alive()).isLessThanOrEqualTo(Math.max(alive, allowed));
			assertThat(this.source.alive()).isLessThanOrEqualTo(LARGEST);
			PoolCounts counts = this.pool.counts();
			assertThat(counts.size()).isEqualTo(this.source.alive());
			assertThat(counts.free() + counts.used()).isLessThanOrEqualTo(counts.size());
			assertThat(counts.used()).isEqualTo(lent().size());
		}

		private PoolSize act(int choice) {
			if (choice < 30) {
				this.callers.add(this.pool.acquire((choice % 2 == 0) ? "a" : "b", Duration.ofMinutes(5)));
			}
			else if (choice < 50) {
				giveBack(choice);
			}
			else if (choice < 75) {
				openOrClose(choice);
			}
			else if (choice < 85) {
				PoolSize target = PoolSize.of(choice % 2, 1 + choice % LARGEST);
				this.pool.resize(target);
				return target;
			}
			else if (choice < 90 && !this.callers.isEmpty()) {
				this.callers.get(choice % this.callers.size()).cancel(false);
			}
			else if (choice < 95) {
				this.pool.maintain(Duration.ofMillis(200));
			}
			else if (this.source.opening() > 0) {
				this.source.openFails(new IllegalStateException("refused"));
			}
			return null;
		}

		private void giveBack(int choice) {
			List<CompletableFuture<String>> lent = lent();
			if (!lent.isEmpty()) {
				CompletableFuture<String> caller = lent.get(choice % lent.size());
				this.callers.removeIf((each) -> each == caller);
				assertThat(this.pool.release(caller.join())).isTrue();
			}
		}

		private void openOrClose(int choice) {
			if (this.source.opening() > 0 && choice % 2 == 0) {
				this.source.opened();
			}
			else if (!this.source.closing().isEmpty()) {
				this.source.closed();
			}
		}

		private List<CompletableFuture<String>> lent() {
			return this.callers.stream()
				.filter((caller) -> caller.isDone() && !caller.isCompletedExceptionally())
				.toList();
		}

		/**
		 * When everything opens, closes and comes back, everybody is served.
		 */
		void finish() {
			for (int i = 0; i < 2000 && !this.callers.isEmpty(); i++) {
				this.nanos += 2_000_000_000L;
				this.callers.removeIf(CompletableFuture::isCompletedExceptionally);
				giveBack(i);
				openOrClose(i);
				this.pool.maintain(Duration.ofHours(1));
			}
			assertThat(this.callers).as("left waiting").isEmpty();
			CompletableFuture<Void> closed = this.pool.close().toCompletableFuture();
			while (this.source.opening() + this.source.closing().size() > 0) {
				openOrClose(this.source.opening() > 0 ? 0 : 1);
			}
			assertThat(closed).isCompleted();
			assertThat(this.source.alive()).isZero();
		}

	}

}
