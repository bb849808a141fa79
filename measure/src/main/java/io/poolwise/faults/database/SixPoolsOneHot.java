package io.poolwise.faults.database;

/**
 * Six pools, one of them hot.
 */
final class SixPoolsOneHot extends PoolsOneHot {

	SixPoolsOneHot() {
		super("six pools of one instance, 20 callers on one of them", "one", "two", "three", "four", "five");
	}

	@Override
	protected Class<?> application() {
		return SixPools.class;
	}

}
