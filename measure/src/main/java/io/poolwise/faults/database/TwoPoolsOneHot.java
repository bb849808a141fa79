package io.poolwise.faults.database;

/**
 * Two pools, one of them hot.
 */
final class TwoPoolsOneHot extends PoolsOneHot {

	TwoPoolsOneHot() {
		super("two pools of one instance, 20 callers on one of them", "one");
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	protected Class<?> application() {
		return TwoPools.class;
	}

}
