package io.poolwise.pool.lettuce;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The shelves of a {@link MixedPool}, one a type. Guarded by the pool's lock.
 *
 * @param <T> the type of a connection
 * @param <C> the connections
 */
final class Shelves<T, C> {

	// a handful: a scan is faster than a map, and allocates nothing
	private final List<Shelf<T, C>> all = new ArrayList<>();

	Shelf<T, C> of(T type) {
		for (Shelf<T, C> shelf : this.all) {
			if (shelf.type.equals(type)) {
				return shelf;
			}
		}
		Shelf<T, C> shelf = new Shelf<>(type);
		this.all.add(shelf);
		return shelf;
	}

	List<Shelf<T, C>> all() {
		return this.all;
	}

	int idle() {
		int sum = 0;
		for (int i = 0; i < this.all.size(); i++) {
			sum += this.all.get(i).idle.size();
		}
		return sum;
	}

	int waiting() {
		int sum = 0;
		for (int i = 0; i < this.all.size(); i++) {
			sum += this.all.get(i).waiters.size();
		}
		return sum;
	}

	/**
	 * Whether there is no connection that somebody could get.
	 * @return whether none is idle or in use
	 */
	boolean holdNothing() {
		for (int i = 0; i < this.all.size(); i++) {
			if (!this.all.get(i).holdsNothing()) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Callers for whom a connection should be opened now: after a failure not before its
	 * pause is over, unless there is nothing else to wait for.
	 * @param now the present time in nanoseconds
	 * @return how many, at least 0
	 */
	int unserved(long now) {
		int sum = 0;
		boolean nothing = holdNothing();
		for (int i = 0; i < this.all.size(); i++) {
			Shelf<T, C> shelf = this.all.get(i);
			sum += (nothing || shelf.mayOpen(now)) ? shelf.unserved() : 0;
		}
		return sum;
	}

	/**
	 * Whose first caller has waited longest, among those to open connections for.
	 * @param now the present time in nanoseconds
	 * @return the shelf, {@code null} if there are none
	 */
	@Nullable Shelf<T, C> hungriest(long now) {
		Shelf<T, C> hungriest = null;
		long earliest = 0;
		boolean nothing = holdNothing();
		for (Shelf<T, C> shelf : this.all) {
			boolean asks = shelf.unserved() > 0 && (nothing || shelf.mayOpen(now));
			Shelf.Waiter<C> first = asks ? shelf.firstWaiter() : null;
			if (first != null && (hungriest == null || first.since - earliest < 0)) {
				hungriest = shelf;
				earliest = first.since;
			}
		}
		return hungriest;
	}

	/**
	 * Takes the connection that has been idle longest.
	 * @return the connection, {@code null} if there is none
	 */
	@Nullable C takeOldestIdle() {
		Shelf<T, C> donor = null;
		long earliest = 0;
		for (Shelf<T, C> shelf : this.all) {
			Shelf.Idle<C> oldest = shelf.idle.peekLast();
			if (oldest != null && (donor == null || oldest.since() - earliest < 0)) {
				donor = shelf;
				earliest = oldest.since();
			}
		}
		return (donor != null) ? donor.idle.removeLast().connection() : null;
	}

}
