package io.poolwise.pool.lettuce;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * Which connections a {@link MixedPool} has, who has them and who waits, and the rules by
 * which they change hands. Guarded by the pool's lock; does nothing to a connection or a
 * caller itself, but says what is to be done.
 *
 * @param <T> the type of a connection, with {@code equals}
 * @param <C> the connections
 */
final class MixedPoolState<T, C> {

	/**
	 * How much longer than a caller of its own type another must have waited before a
	 * returned connection is closed for it. Keeps two types under load from closing each
	 * other's connections all the time.
	 */
	private static final long PREFERENCE = TimeUnit.MILLISECONDS.toNanos(100);

	private final ConnectionSource<T, C> source;

	private final int maxIdle;

	private final LongSupplier nanos;

	private final Shelves<T, C> shelves = new Shelves<>();

	private final IdentityHashMap<C, Shelf<T, C>> used = new IdentityHashMap<>();

	private PoolSize target;

	private int size;

	private int closing;

	private boolean closed;

	/**
	 * Creates the state of an empty pool.
	 * @param source knows the connections; asked nothing that takes time
	 * @param target the size
	 * @param maxIdle what comes back beyond so many idle ones is closed, at least 0
	 * @param nanos the time in nanoseconds
	 */
	MixedPoolState(ConnectionSource<T, C> source, PoolSize target, int maxIdle, LongSupplier nanos) {
		this.source = source;
		this.target = target;
		this.maxIdle = maxIdle;
		this.nanos = nanos;
	}

	PoolCounts counts() {
		return new PoolCounts(this.size, this.shelves.idle(), this.used.size(), this.shelves.waiting());
	}

	boolean isClosed() {
		return this.closed;
	}

	boolean isClosedAndEmpty() {
		return this.closed && this.size == 0;
	}

	void target(PoolSize target) {
		this.target = target;
	}

	/**
	 * Takes a free connection.
	 * @return the connection, {@code null} if there is none of that type
	 */
	@Nullable C take(T type, Effects<T, C> effects) {
		Shelf<T, C> shelf = this.shelves.of(type);
		Shelf.Idle<C> idle = shelf.idle.pollFirst();
		while (idle != null && !this.source.isUsable(idle.connection())) {
			close(idle.connection(), effects);
			idle = shelf.idle.pollFirst();
		}
		if (idle == null) {
			return null;
		}
		lend(shelf, idle.connection());
		return idle.connection();
	}

	/**
	 * Queues a caller.
	 */
	Shelf.Waiter<C> enqueue(T type, Effects<T, C> effects) {
		Shelf<T, C> shelf = this.shelves.of(type);
		Shelf.Waiter<C> waiter = new Shelf.Waiter<>(this.nanos.getAsLong());
		shelf.waiters.add(waiter);
		settle(effects);
		return waiter;
	}

	/**
	 * Lets a caller go that gave up.
	 */
	void forget(Object waiter) {
		this.shelves.all().forEach((shelf) -> shelf.waiters.remove(waiter));
	}

	/**
	 * Takes a connection back.
	 * @return whether somebody had it
	 */
	boolean giveBack(C connection, Effects<T, C> effects) {
		Shelf<T, C> shelf = this.used.remove(connection);
		if (shelf == null) {
			return false;
		}
		shelf.used--;
		store(shelf, connection, effects);
		settle(effects);
		return true;
	}

	/**
	 * Strikes off a connection that its borrower closed rather than gave back.
	 */
	void lost(C connection, Effects<T, C> effects) {
		Shelf<T, C> shelf = this.used.remove(connection);
		if (shelf != null) {
			shelf.used--;
			this.size--;
			settle(effects);
		}
	}

	void opened(Shelf<T, C> shelf, C connection, Effects<T, C> effects) {
		shelf.opening--;
		shelf.opened();
		store(shelf, connection, effects);
		settle(effects);
	}

	/**
	 * Notes that a connection could not be opened. Callers keep waiting where one may
	 * come back; where the pool has none of any type, they are told at once what is
	 * wrong.
	 * @return after how long to try again, in nanoseconds
	 */
	long openFailed(Shelf<T, C> shelf, Throwable failure, Effects<T, C> effects) {
		shelf.opening--;
		this.size--;
		long pause = shelf.failed(this.nanos.getAsLong());
		if (this.shelves.holdNothing()) {
			refuse(shelf, shelf.opening, failure, effects);
		}
		settle(effects);
		return pause;
	}

	void closed(Effects<T, C> effects) {
		this.closing--;
		this.size--;
		settle(effects);
	}

	/**
	 * Lets idle connections go that are dead, or old and above the minimum, and strikes
	 * off those in use that were closed.
	 */
	void expire(long maxAge, Effects<T, C> effects) {
		List.copyOf(this.used.keySet()).stream().filter(this.source::isClosed).forEach((each) -> lost(each, effects));
		long now = this.nanos.getAsLong();
		this.shelves.all().forEach((shelf) -> shelf.idle.removeIf((idle) -> {
			boolean old = now - idle.since() > maxAge && staying() > this.target.min();
			boolean goes = old || !this.source.isUsable(idle.connection());
			if (goes) {
				close(idle.connection(), effects);
			}
			return goes;
		}));
	}

	/**
	 * Lets all connections go and refuses all callers.
	 */
	void close(Throwable reason, Effects<T, C> effects) {
		this.closed = true;
		for (Shelf<T, C> shelf : this.shelves.all()) {
			shelf.idle.forEach((idle) -> close(idle.connection(), effects));
			shelf.idle.clear();
			shelf.used = 0;
			refuse(shelf, 0, reason, effects);
		}
		this.used.keySet().forEach((connection) -> close(connection, effects));
		this.used.clear();
	}

	/**
	 * Opens connections for callers while there is room, makes room by closing idle ones
	 * of other types, and closes idle ones that are too many.
	 */
	void settle(Effects<T, C> effects) {
		long now = this.nanos.getAsLong();
		Shelf<T, C> hungriest = this.shelves.hungriest(now);
		while (hungriest != null && this.size < this.target.ceiling()) {
			open(hungriest, effects);
			hungriest = this.shelves.hungriest(now);
		}
		int unserved = this.shelves.unserved(now);
		while (unserved > room()) {
			C connection = this.shelves.takeOldestIdle();
			if (connection == null) {
				return;
			}
			close(connection, effects);
		}
	}

	void fillToMinimum(T type, Effects<T, C> effects) {
		Shelf<T, C> shelf = this.shelves.of(type);
		while (!this.closed && this.size < this.target.min() && shelf.mayOpen(this.nanos.getAsLong())) {
			open(shelf, effects);
		}
	}

	private void lend(Shelf<T, C> shelf, C connection) {
		this.used.put(connection, shelf);
		shelf.used++;
	}

	/**
	 * Finds a place for a connection that nobody uses: a caller, the shelf, or none.
	 */
	private void store(Shelf<T, C> shelf, C connection, Effects<T, C> effects) {
		boolean tooMany = staying() > this.target.ceiling()
				|| (this.shelves.idle() >= this.maxIdle && shelf.waiters.isEmpty() && staying() > this.target.min());
		if (this.closed || tooMany || !this.source.isUsable(connection) || othersWaitMuchLonger(shelf)) {
			close(connection, effects);
			return;
		}
		Shelf.Waiter<C> waiter = shelf.takeFirstWaiter();
		if (waiter != null) {
			lend(shelf, connection);
			effects.serve(waiter, connection);
		}
		else {
			shelf.idle.addFirst(new Shelf.Idle<>(connection, this.nanos.getAsLong()));
		}
	}

	private boolean othersWaitMuchLonger(Shelf<T, C> shelf) {
		Shelf.Waiter<C> own = shelf.firstWaiter();
		Shelf<T, C> hungriest = (own != null) ? this.shelves.hungriest(this.nanos.getAsLong()) : null;
		return own != null && hungriest != null && hungriest != shelf && hungriest.unserved() > room()
				&& own.since - Objects.requireNonNull(hungriest.firstWaiter()).since > PREFERENCE;
	}

	/**
	 * Connections that are not being closed.
	 */
	private int staying() {
		return this.size - this.closing;
	}

	/**
	 * Connections that may be opened when all that are being closed are closed; negative
	 * if there are too many.
	 */
	private int room() {
		return this.target.ceiling() - staying();
	}

	private void open(Shelf<T, C> shelf, Effects<T, C> effects) {
		this.size++;
		shelf.opening++;
		effects.open(shelf);
	}

	private void close(C connection, Effects<T, C> effects) {
		this.closing++;
		effects.close(connection);
	}

	private void refuse(Shelf<T, C> shelf, int except, Throwable reason, Effects<T, C> effects) {
		while (shelf.waiters.size() > except) {
			effects.refuse(Objects.requireNonNull(shelf.takeFirstWaiter()), reason);
		}
	}

	/**
	 * Takes note of what is to be done once the lock is free.
	 */
	interface Effects<T, C> {

		void open(Shelf<T, C> shelf);

		void close(C connection);

		void serve(Shelf.Waiter<C> waiter, C connection);

		void refuse(Shelf.Waiter<C> waiter, Throwable reason);

	}

}
