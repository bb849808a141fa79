package io.poolwise.budget;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Signals that an allotment can't give each pool of an instance at least one connection.
 */
public final class BudgetTooSmallException extends RuntimeException {

	private final int allotment;

	private final transient List<PoolDemand> pools;

	private final transient @Nullable Allotment derivation;

	private final @Nullable String keys;

	BudgetTooSmallException(int allotment, List<PoolDemand> pools, @Nullable Allotment derivation) {
		super(message(allotment, pools, derivation));
		this.allotment = allotment;
		this.pools = List.copyOf(pools);
		this.derivation = derivation;
		this.keys = null;
	}

	private BudgetTooSmallException(BudgetTooSmallException cause, String keys) {
		super(cause.getMessage(), cause);
		this.allotment = cause.allotment;
		this.pools = cause.pools;
		this.derivation = cause.derivation;
		this.keys = keys;
	}

	/**
	 * Adds where the budget is configured, which the arithmetic doesn't know.
	 * @param keys the start of the configuration keys of the budget
	 * @return the same refusal, with the keys
	 */
	public BudgetTooSmallException configuredBy(String keys) {
		return new BudgetTooSmallException(this, keys);
	}

	private static String message(int allotment, List<PoolDemand> pools, @Nullable Allotment derivation) {
		String shortfall = "An allotment of " + Numbers.counted(allotment, "connection", "connections")
				+ " is too small for " + Numbers.counted(pools.size(), "pool", "pools") + " ("
				+ String.join(", ", pools.stream().map(PoolDemand::name).toList()) + "), each needs at least 1";
		return (derivation == null) ? shortfall : shortfall + ": " + String.join("; ", derivation.reasons());
	}

	/**
	 * Returns the connections that were to be split.
	 * @return the allotment, 0 or more, less than the number of pools
	 */
	public int allotment() {
		return this.allotment;
	}

	/**
	 * Returns the pools that were to share the allotment.
	 * @return the pools in the order in which they were given, at least one
	 */
	public List<PoolDemand> pools() {
		return this.pools;
	}

	/**
	 * Returns where the budget is configured.
	 * @return the start of the keys, such as {@code pool.database.budget}, or null if
	 * nobody added it
	 */
	public @Nullable String keys() {
		return this.keys;
	}

	/**
	 * Returns how the allotment was derived: limit, reserve, share, budget and peak.
	 * @return the derivation, or null if only the number was given
	 */
	public @Nullable Allotment derivation() {
		return this.derivation;
	}

}
