package io.poolwise.lease;

import java.util.EnumMap;
import java.util.Map;

import io.poolwise.lease.ModelBounds.Fault;

/**
 * For each rule the smallest bounds that show what it is for.
 */
final class ModelTable {

	private ModelTable() {
	}

	static Map<Rule, ModelBounds> bounds() {
		Map<Rule, ModelBounds> bounds = new EnumMap<>(Rule.class);
		ModelBounds alone = ModelBounds.of(1, 3, 0);
		ModelBounds pair = ModelBounds.of(2, 3, 0).recycles(0);
		ModelBounds sharing = ModelBounds.of(2, 4, 0);
		ModelBounds dropped = ModelBounds.of(2, 3, 1).only(Fault.DROP_COORDINATOR).recycles(0);
		ModelBounds rising = ModelBounds.of(2, 3, 1).only(Fault.KILL).recycles(0).withSeatsRising();
		bounds.put(Rule.ONE_LOCK, dropped);
		bounds.put(Rule.IDENTITY, alone);
		bounds.put(Rule.COOLING, alone);
		bounds.put(Rule.PAYING, alone);
		bounds.put(Rule.USE_BEFORE_OWN, dropped);
		bounds.put(Rule.FENCE, dropped);
		bounds.put(Rule.EPOCH_UNCHANGED, ModelBounds.of(1, 3, 1).only(Fault.LOSE_COORDINATOR));
		bounds.put(Rule.PAID_FIRST, ModelBounds.of(2, 2, 0).seats(2).recycles(0).slowly());
		bounds.put(Rule.CONNECT_LIMIT, ModelBounds.of(1, 4, 1).only(Fault.DROP_COORDINATOR).recycles(0));
		bounds.put(Rule.ACROSS_EPOCHS, ModelBounds.of(1, 3, 3).only(Fault.DROP_COORDINATOR).recycles(0));
		bounds.put(Rule.QUARANTINE, ModelBounds.of(1, 3, 1).only(Fault.CONNECT_TIMEOUT));
		bounds.put(Rule.QUARANTINE_KEPT, ModelBounds.of(2, 4, 1).only(Fault.CONNECT_TIMEOUT).startingWarm());
		bounds.put(Rule.QUERY_AFTER_CLOSE, alone);
		bounds.put(Rule.USE_CHECK, sharing.recycles(0).startingWarm());
		bounds.put(Rule.NO_SEAT_ABOVE, rising);
		bounds.put(Rule.NO_SLOT_ABOVE, rising);
		bounds.put(Rule.NOT_HELD, sharing.recycles(0).startingWarm());
		bounds.put(Rule.SEAT, pair);
		bounds.put(Rule.REMNANTS, ModelBounds.of(1, 3, 2).only(Fault.OPEN_TIMEOUT).recycles(0));
		bounds.put(Rule.PAY, alone);
		bounds.put(Rule.PAY_BEFORE_SEAT, alone);
		bounds.put(Rule.TWO_SLOTS, ModelBounds.of(2, 2, 0).seats(2).recycles(0).slowly());
		bounds.put(Rule.DROP_ALL, dropped.startingWarm());
		bounds.put(Rule.FORGET, ModelBounds.of(1, 3, 1).only(Fault.LOSE_COORDINATOR));
		bounds.put(Rule.RUNNING_WORK, ModelBounds.of(1, 3, 1).only(Fault.LOSE_COORDINATOR));
		bounds.put(Rule.READOPT, ModelBounds.of(1, 3, 1).only(Fault.LOSE_COORDINATOR));
		bounds.put(Rule.READOPT_IDENTITY,
				ModelBounds.of(1, 3, 2).only(Fault.UNLOCK_ALL, Fault.LOSE_COORDINATOR).recycles(0));
		bounds.put(Rule.NEVER_CUT, ModelBounds.of(1, 3, 2).only(Fault.UNLOCK_ALL, Fault.LOSE_COORDINATOR).recycles(0));
		bounds.put(Rule.SERVER_CHANGED, ModelBounds.of(1, 3, 1).only(Fault.SWITCH));
		bounds.put(Rule.RETIRE, ModelBounds.of(1, 3, 1).only(Fault.UNLOCK_ALL));
		bounds.put(Rule.ABORT, ModelBounds.of(1, 3, 1).only(Fault.DROP_IN_SILENCE).recycles(0));
		bounds.put(Rule.ABORT_GONE, ModelBounds.of(1, 3, 1).only(Fault.UNLOCK_ALL).recycles(0));
		bounds.put(Rule.HUNGRY, ModelBounds.of(1, 3, 1).only(Fault.COOL_DOWN));
		bounds.put(Rule.AT_LEAST_TWO, pair);
		return bounds;
	}

}
