package io.poolwise.governor;

import java.util.List;

import io.poolwise.budget.Budget;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * One pool at one moment, for whoever shows it.
 *
 * @param name the pool's name
 * @param kind what it holds
 * @param status how it is
 * @param actual the size it has
 * @param target the size it was told to have
 * @param budget what the fleet may open on its server, {@code null} where no limit is
 * known
 * @param peak the instances that share the budget, at least 1
 * @param allotment what this pool may open, {@code null} where no limit is known
 * @param reasons how its size was derived, in order
 */
public record PoolReport(String name, PoolKind kind, PoolStatus status, PoolCounts actual, PoolSize target,
		@Nullable Budget budget, int peak, @Nullable Integer allotment, List<String> reasons) {

	public PoolReport {
		reasons = List.copyOf(reasons);
	}

}
