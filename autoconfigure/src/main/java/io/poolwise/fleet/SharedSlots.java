package io.poolwise.fleet;

import java.util.function.IntConsumer;

import io.poolwise.budget.Budget;
import io.poolwise.lease.LeaseSettings;

/**
 * The slots of the fleet of one server in the eyes of this instance: what the seats leave
 * of the budget, less what other pools of this process can open; or of what sessions
 * outside of the leases leave of the limit, if that is less. Safe for any thread.
 */
final class SharedSlots {

	private final LeaseSettings settings;

	private Budget budget;

	private int ungoverned;

	private int strangers;

	private int strangersBefore;

	private IntConsumer listener = (slots) -> {
	};

	SharedSlots(LeaseSettings settings, Budget budget) {
		this.settings = settings;
		this.budget = budget;
	}

	/**
	 * Names who is told of another number, in the order of the changes.
	 */
	synchronized void listen(IntConsumer listener) {
		this.listener = listener;
	}

	synchronized Budget budget() {
		return this.budget;
	}

	synchronized void budget(Budget budget) {
		int before = slots();
		this.budget = budget;
		tell(before);
	}

	/**
	 * What other pools of this process can open.
	 * @param connections connections, at least 0
	 */
	synchronized void ungoverned(int connections) {
		int before = slots();
		this.ungoverned = connections;
		tell(before);
	}

	/**
	 * Takes the lesser of two counts: connects under way come and go.
	 * @param sessions sessions that hold no slot, at least 0
	 */
	synchronized void strangers(int sessions) {
		int before = slots();
		this.strangers = Math.min(sessions, this.strangersBefore);
		this.strangersBefore = sessions;
		tell(before);
	}

	private void tell(int before) {
		int slots = slots();
		if (slots != before) {
			this.listener.accept(slots);
		}
	}

	synchronized int slots() {
		int left = this.budget.limit().connections() - this.strangers;
		return this.settings.slots(Math.min(this.budget.connections() - this.ungoverned, left));
	}

}
