package io.poolwise.fleet;

import java.util.function.IntConsumer;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitBounds;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.Strangers;

/**
 * The slots of the fleet of one server in the eyes of this instance: what the seats leave
 * of the budget, less what other pools of this process can open; or of what sessions
 * outside of the leases leave of the server's own limits, if that is less. Safe for any
 * thread.
 */
final class SharedSlots {

	private final LeaseSettings settings;

	private final boolean likeThePools;

	private Budget budget;

	private int ungoverned;

	private Strangers strangers = Strangers.NONE;

	private Strangers strangersBefore = Strangers.NONE;

	private IntConsumer listener = (slots) -> {
	};

	/**
	 * Creates the slots.
	 * @param settings the member's numbers
	 * @param budget what the fleet may open
	 * @param likeThePools whether the coordinator connects as the pools do
	 */
	SharedSlots(LeaseSettings settings, Budget budget, boolean likeThePools) {
		this.settings = settings;
		this.likeThePools = likeThePools;
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
	 * @param strangers sessions that hold no slot
	 */
	synchronized void strangers(Strangers strangers) {
		int before = slots();
		this.strangers = strangers.least(this.strangersBefore);
		this.strangersBefore = strangers;
		tell(before);
	}

	/**
	 * Whether the strangers in the database and of the login count. They can't be told
	 * where the coordinator has another login than the pools.
	 */
	synchronized boolean hasNarrowLimits() {
		return this.likeThePools && this.budget.limit().bounds().isNarrow();
	}

	private void tell(int before) {
		int slots = slots();
		if (slots != before) {
			this.listener.accept(slots);
		}
	}

	synchronized int slots() {
		return this.settings.slots(Math.min(this.budget.connections() - this.ungoverned, left()));
	}

	/**
	 * Each limit is met by those only who count against it: sessions of other roles take
	 * nothing from the limit of a role. A limit that somebody set by hand is a part of
	 * the server, of which nobody knows who else counts.
	 */
	private int left() {
		LimitBounds bounds = this.budget.limit().bounds();
		return Math.min(left(bounds.server(), this.strangers.server()), Math
			.min(left(bounds.database(), this.strangers.database()), left(bounds.login(), this.strangers.login())));
	}

	private static int left(int limit, int strangers) {
		return (limit != LimitBounds.NONE) ? limit - strangers : LimitBounds.NONE;
	}

}
