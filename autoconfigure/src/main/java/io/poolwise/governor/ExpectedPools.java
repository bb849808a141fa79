package io.poolwise.governor;

import java.util.List;
import java.util.Set;

import io.poolwise.budget.PoolDemand;
import io.poolwise.pool.PoolKind;

/**
 * The pools that an application has announced and not yet made. Until all are there, they
 * are reckoned to share every server, so that the first never opens what belongs to the
 * next.
 */
@FunctionalInterface
public interface ExpectedPools {

	/**
	 * Those of one kind that have not come.
	 * @param kind the kind
	 * @param present the names of those that have
	 * @return what the others will ask for
	 */
	List<PoolDemand> besides(PoolKind kind, Set<String> present);

}
