package io.poolwise.lease;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The slots that a member holds, by number: an immutable sorted array.
 */
final class Slots implements Iterable<Slot> {

	static final Slots NONE = new Slots(new Slot[0]);

	private final Slot[] slots;

	private Slots(Slot[] slots) {
		this.slots = slots;
	}

	static Slots of(List<Slot> slots) {
		Slot[] sorted = slots.toArray(Slot[]::new);
		Arrays.sort(sorted, Comparator.comparingInt(Slot::number));
		return new Slots(sorted);
	}

	@Nullable Slot get(int number) {
		int at = indexOf(number);
		return (at >= 0) ? this.slots[at] : null;
	}

	Slots with(Slot slot) {
		int at = indexOf(slot.number());
		if (at >= 0) {
			Slot[] copy = this.slots.clone();
			copy[at] = slot;
			return new Slots(copy);
		}
		int insert = -at - 1;
		Slot[] copy = Arrays.copyOf(this.slots, this.slots.length + 1);
		System.arraycopy(this.slots, insert, copy, insert + 1, this.slots.length - insert);
		copy[insert] = slot;
		return new Slots(copy);
	}

	Slots map(UnaryOperator<Slot> change) {
		Slot[] copy = new Slot[this.slots.length];
		Arrays.setAll(copy, (i) -> change.apply(this.slots[i]));
		return new Slots(copy);
	}

	Slots filter(Predicate<Slot> keep) {
		return new Slots(Arrays.stream(this.slots).filter(keep).toArray(Slot[]::new));
	}

	int count(Predicate<Slot> wanted) {
		int count = 0;
		for (Slot slot : this.slots) {
			if (wanted.test(slot)) {
				count++;
			}
		}
		return count;
	}

	int count(Slot.State state) {
		return count((slot) -> slot.state() == state);
	}

	@Nullable Slot first(Predicate<Slot> wanted) {
		for (Slot slot : this.slots) {
			if (wanted.test(slot)) {
				return slot;
			}
		}
		return null;
	}

	boolean any(Predicate<Slot> wanted) {
		return first(wanted) != null;
	}

	int size() {
		return this.slots.length;
	}

	@Override
	public Iterator<Slot> iterator() {
		return Arrays.asList(this.slots).iterator();
	}

	private int indexOf(int number) {
		int low = 0;
		int high = this.slots.length - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			int found = this.slots[middle].number();
			if (found == number) {
				return middle;
			}
			if (found < number) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return -(low + 1);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Slots that && Arrays.equals(this.slots, that.slots);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.slots);
	}

	@Override
	public String toString() {
		return Arrays.toString(this.slots);
	}

}
