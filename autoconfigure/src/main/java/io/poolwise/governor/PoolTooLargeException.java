package io.poolwise.governor;

import java.util.List;

/**
 * Signals that an explicit size is above what the budget allots, where
 * {@code on-exceed=fail} asks to stop then.
 */
public final class PoolTooLargeException extends RuntimeException {

	private final String key;

	private final int requested;

	private final int allotted;

	private final String budgetKeys;

	private final transient List<String> reasons;

	PoolTooLargeException(String pool, String key, int requested, int allotted, String budgetKeys,
			List<String> reasons) {
		super(pool + ": " + key + " asks for " + requested + " connections, but the budget allots " + allotted);
		this.key = key;
		this.budgetKeys = budgetKeys;
		this.requested = requested;
		this.allotted = allotted;
		this.reasons = List.copyOf(reasons);
	}

	/**
	 * The key of the size.
	 * @return the full name
	 */
	public String key() {
		return this.key;
	}

	/**
	 * What the key asks for.
	 * @return connections
	 */
	public int requested() {
		return this.requested;
	}

	/**
	 * What the budget allots.
	 * @return connections
	 */
	public int allotted() {
		return this.allotted;
	}

	/**
	 * The start of the keys of the budget.
	 * @return such as {@code pool.database.budget}
	 */
	public String budgetKeys() {
		return this.budgetKeys;
	}

	/**
	 * How the allotment was derived.
	 * @return the lines, in order
	 */
	public List<String> reasons() {
		return this.reasons;
	}

}
