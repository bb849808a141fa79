package io.poolwise.pool.hikari;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link GovernedHikariDataSource}.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GovernedHikariDataSourceTests {

	@Test
	void metersThatComeWhileThePoolStartsAreNotLost() throws Exception {
		SlowStart executor = new SlowStart();
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID());
		settings.setInitializationFailTimeout(-1);
		settings.setScheduledExecutor(executor);
		AtomicInteger trackers = new AtomicInteger();
		try (GovernedHikariDataSource pool = new GovernedHikariDataSource("primary", settings, PoolSize.of(0, 2),
				SessionDefaults.NONE, ConnectionPermits.UNLIMITED, Runnable::run)) {
			Thread starter = new Thread(() -> {
				try {
					pool.getConnection().close();
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			});
			starter.start();
			assertThat(executor.starting.await(30, TimeUnit.SECONDS)).isTrue();
			Thread binder = new Thread(() -> pool.setMetricsTrackerFactory((name, counts) -> {
				trackers.incrementAndGet();
				return new IMetricsTracker() {
				};
			}));
			binder.start();
			await().atMost(30, TimeUnit.SECONDS)
				.until(() -> binder.getState() == Thread.State.BLOCKED || !binder.isAlive());
			executor.go.countDown();
			binder.join();
			starter.join();
			assertThat(trackers).hasValue(1);
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * Is asked for the first time when HikariCP has looked for the factory already.
	 */
	private static final class SlowStart extends ScheduledThreadPoolExecutor {

		private final CountDownLatch starting = new CountDownLatch(1);

		private final CountDownLatch go = new CountDownLatch(1);

		SlowStart() {
			super(1);
		}

		@Override
		public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay,
				TimeUnit unit) {
			this.starting.countDown();
			try {
				this.go.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return super.scheduleWithFixedDelay(command, initialDelay, delay, unit);
		}

	}

}
