package io.poolwise.budget;

import java.util.ArrayList;
import java.util.List;

/**
 * What one instance of the fleet may open on one server.
 *
 * @param connections the connections for the governed pools of one instance, 0 or more; 0
 * means that the budget is too small for the fleet
 * @param budget what the whole fleet may open
 * @param fleet how many instances share it
 * @param ungoverned the connections that pools of the same instance which can't be
 * governed may open, 0 or more
 * @param reasons how the number was derived from the server on, in order
 */
public record Allotment(int connections, Budget budget, Fleet fleet, int ungoverned, List<String> reasons) {

	public Allotment {
		Numbers.requireAtLeast(0, connections, "An allotment");
		Numbers.requireAtLeast(0, ungoverned, "Ungoverned connections");
		if ((long) connections * fleet.peak() > budget.connections()) {
			throw new IllegalArgumentException("An allotment of " + connections + " for each of " + fleet.peak()
					+ " instances exceeds the budget of " + budget.connections());
		}
		reasons = List.copyOf(reasons);
	}

	/**
	 * Derives the allotment of one instance: budget / peak, rounded down, less what the
	 * instance's ungoverned pools can open. The allotments of all instances at the peak
	 * never exceed the budget.
	 * <p>
	 * Examples: a budget of 87 over 3 replicas and 1 surge is 21 each; a budget of 177 is
	 * 44 each.
	 * @param budget what the whole fleet may open
	 * @param fleet how many instances share it
	 * @param ungoverned the connections that ungoverned pools of one instance can open, 0
	 * or more
	 * @return the allotment, 0 if the budget is too small
	 * @throws IllegalArgumentException if the ungoverned connections are negative
	 */
	public static Allotment of(Budget budget, Fleet fleet, int ungoverned) {
		int each = budget.connections() / fleet.peak();
		int connections = Math.max(0, each - ungoverned);
		List<String> reasons = new ArrayList<>(budget.reasons());
		reasons.add("peak " + fleet.derivation());
		reasons.add("allotment " + budget.connections() + " / " + fleet.peak() + " = " + each);
		if (ungoverned > 0) {
			reasons.add("ungoverned pools can open " + ungoverned + ": " + each + " - " + ungoverned
					+ ((ungoverned > each) ? " leaves 0" : " = " + connections));
		}
		return new Allotment(connections, budget, fleet, ungoverned, reasons);
	}

}
