package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections of several types that share one bound. A connection counts from
 * before it is opened until the server has dropped it. Where the bound is reached, an
 * idle connection of one type makes room for a caller that waits for another type, and
 * what comes back goes to the caller that waits longest, with some preference for its own
 * type. Safe for any thread; nothing is opened, closed or completed under the lock.
 *
 * @param <T> the type of a connection, with {@code equals}
 * @param <C> the connections
 */
final class MixedPool<T, C> {

	private final ConnectionSource<T, C> source;

	private final T warmType;

	private final LongSupplier nanos;

	private final ReentrantLock lock = new ReentrantLock();

	private final MixedPoolState<T, C> state;

	private final CompletableFuture<Void> emptied = new CompletableFuture<>();

	private volatile PoolCounts counts = PoolCounts.EMPTY;

	private volatile @Nullable Long lastReturn;

	private final AtomicLong returns = new AtomicLong();

	private volatile int maxPending;

	private volatile @Nullable Throwable openFailure;

	/**
	 * Creates an empty pool.
	 * @param source opens and closes connections
	 * @param target the size
	 * @param warmType the type that the minimum is made of
	 * @param maxIdle what comes back beyond so many idle ones is closed, at least 0
	 * @param nanos the time in nanoseconds
	 */
	MixedPool(ConnectionSource<T, C> source, PoolSize target, T warmType, int maxIdle, LongSupplier nanos) {
		this.source = source;
		this.warmType = warmType;
		this.nanos = nanos;
		this.state = new MixedPoolState<>(source, target, maxIdle, nanos);
	}

	PoolCounts counts() {
		return this.counts;
	}

	/**
	 * Why the last attempt to open a connection failed.
	 * @return the failure, {@code null} if the last attempt succeeded or there was none
	 */
	@Nullable Throwable openFailure() {
		return this.openFailure;
	}

	/**
	 * How long ago a connection last came back.
	 * @return the time, {@code null} if none ever did
	 */
	@Nullable Duration sinceLastReturn() {
		Long last = this.lastReturn;
		return (last != null) ? Duration.ofNanos(this.nanos.getAsLong() - last) : null;
	}

	/**
	 * Bounds how many callers may wait.
	 * @param maxPending how many, 0 for any number
	 */
	void maxPending(int maxPending) {
		this.maxPending = maxPending;
	}

	/**
	 * How often a connection has come back.
	 * @return a growing number
	 */
	long returns() {
		return this.returns.get();
	}

	/**
	 * Borrows a connection.
	 * @param type its type
	 * @param timeout how long to wait for one
	 * @return the connection; fails with a {@link TimeoutException}, or at once where
	 * none can be opened and the pool has none, or with a {@link TooManyWaitingException}
	 */
	CompletableFuture<C> acquire(T type, Duration timeout) {
		CompletableFuture<C> result = locked((effects) -> {
			if (this.state.isClosed()) {
				return CompletableFuture.failedFuture(new IllegalStateException("The pool is closed"));
			}
			C connection = this.state.take(type, effects);
			if (connection != null) {
				return CompletableFuture.completedFuture(connection);
			}
			return mayWait() ? this.state.enqueue(type, effects)
					: CompletableFuture.failedFuture(new TooManyWaitingException());
		});
		if (!result.isDone()) {
			CompletableFuture<C> unused = result.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
				.whenComplete((connection, failure) -> {
					if (failure != null) {
						change((effects) -> this.state.forget(result));
					}
				});
		}
		return result;
	}

	private boolean mayWait() {
		int most = this.maxPending;
		return most == 0 || this.state.counts().pending() < most;
	}

	/**
	 * Borrows a connection that is free now.
	 * @param type its type
	 * @return the connection, {@code null} if there is none
	 */
	@Nullable C poll(T type) {
		return this.<@Nullable C>locked((effects) -> this.state.isClosed() ? null : this.state.take(type, effects));
	}

	/**
	 * Gives a connection back.
	 * @param connection the connection
	 * @return {@code false} if nobody had borrowed it; a pool that was closed doesn't
	 * mind
	 */
	boolean release(C connection) {
		this.lastReturn = this.nanos.getAsLong();
		this.returns.incrementAndGet();
		return locked((effects) -> this.state.giveBack(connection, effects) || this.state.isClosed());
	}

	/**
	 * Says that a connection is closed that this pool didn't close. Callers should give
	 * connections back, but Spring Data closes those whose reactive caller has gone.
	 * @param connection the connection
	 */
	void lost(C connection) {
		change((effects) -> this.state.lost(connection, effects));
	}

	/**
	 * Changes the size.
	 * @param target the size
	 */
	void resize(PoolSize target) {
		change((effects) -> {
			this.state.target(target);
			this.state.settle(effects);
			this.state.fillToMinimum(this.warmType, effects);
		});
	}

	/**
	 * Closes idle connections that are dead, or old and above the minimum, strikes off
	 * those that their borrowers closed, and opens what is missing to the minimum.
	 * @param maxAge how long a connection may be idle
	 */
	void maintain(Duration maxAge) {
		change((effects) -> {
			this.state.expire(maxAge.toNanos(), effects);
			this.state.settle(effects);
			this.state.fillToMinimum(this.warmType, effects);
		});
	}

	/**
	 * Closes all connections, those in use too, and refuses waiting and later callers.
	 * @return completes when no connection is left
	 */
	CompletionStage<Void> close() {
		change((effects) -> this.state.close(new IllegalStateException("The pool was closed"), effects));
		return this.emptied;
	}

	private void opened(Shelf<T, C> shelf, C connection) {
		this.openFailure = null;
		change((effects) -> this.state.opened(shelf, connection, effects));
	}

	private void openFailed(Shelf<T, C> shelf, Throwable failure) {
		this.openFailure = failure;
		long pause = locked((effects) -> this.state.openFailed(shelf, failure, effects));
		CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS).execute(() -> change(this.state::settle));
	}

	private void change(Consumer<AfterUnlock> change) {
		locked((effects) -> {
			change.accept(effects);
			return true;
		});
	}

	/**
	 * Changes the state under the lock, publishes the counts, and does what was decided
	 * when the lock is free again.
	 */
	private <R extends @Nullable Object> R locked(Function<AfterUnlock, R> change) {
		AfterUnlock effects = new AfterUnlock();
		R result;
		this.lock.lock();
		try {
			result = change.apply(effects);
			this.counts = this.state.counts();
			effects.emptied = this.state.isClosedAndEmpty();
		}
		finally {
			this.lock.unlock();
		}
		effects.run();
		return result;
	}

	/**
	 * What was decided under the lock.
	 */
	private final class AfterUnlock implements MixedPoolState.Effects<T, C>, Runnable {

		private final List<Runnable> actions = new ArrayList<>(2);

		private boolean emptied;

		@Override
		public void open(Shelf<T, C> shelf) {
			this.actions.add(() -> opening(shelf.type).whenComplete((connection, failure) -> {
				if (failure != null) {
					openFailed(shelf, failure);
				}
				else {
					opened(shelf, connection);
				}
			}));
		}

		private CompletionStage<? extends C> opening(T type) {
			try {
				return MixedPool.this.source.open(type);
			}
			catch (RuntimeException ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

		@Override
		public void close(C connection) {
			this.actions.add(() -> MixedPool.this.source.close(connection)
				.whenComplete((done, failure) -> change(MixedPool.this.state::closed)));
		}

		@Override
		public void serve(Shelf.Waiter<C> waiter, C connection) {
			this.actions.add(() -> {
				if (!waiter.complete(connection)) {
					release(connection);
				}
			});
		}

		@Override
		public void refuse(Shelf.Waiter<C> waiter, Throwable reason) {
			this.actions.add(() -> waiter.completeExceptionally(reason));
		}

		@Override
		public void run() {
			this.actions.forEach(Runnable::run);
			if (this.emptied) {
				MixedPool.this.emptied.complete(null);
			}
		}

	}

}
