package io.poolwise.autoconfigure;

import java.util.List;

import io.poolwise.budget.Allotment;
import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.PoolDemand;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a budget that has less than one connection a pool for each instance.
 */
final class BudgetTooSmallFailureAnalyzer extends AbstractFailureAnalyzer<BudgetTooSmallException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, BudgetTooSmallException cause) {
		List<String> pools = cause.pools().stream().map(PoolDemand::name).toList();
		StringBuilder description = new StringBuilder("The budget is too small for the fleet: an allotment of ")
			.append(cause.allotment())
			.append((cause.allotment() == 1) ? " connection" : " connections")
			.append(" an instance for ")
			.append(pools.size())
			.append((pools.size() == 1) ? " pool (" : " pools (")
			.append(String.join(", ", pools))
			.append("), which need at least 1 each.");
		Allotment derivation = cause.derivation();
		if (derivation != null) {
			description.append("%n%nHow it came to that:%n".formatted());
			derivation.reasons().forEach((reason) -> description.append("%n    - ".formatted()).append(reason));
		}
		return new FailureAnalysis(description.toString(), """
				Do one of these:

				    - lower pool.replicas or pool.max-surge, if fewer instances run at once
				    - lower %1$s.reserve, or raise %1$s.share
				    - raise the server's own limit
				    - set %1$s.limit, if the limit above is not the one that counts"""
			.formatted((cause.keys() != null) ? cause.keys() : "pool.database.budget"), cause);
	}

}
