package io.poolwise.autoconfigure;

import io.poolwise.governor.LeasesImpossibleException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains why leases that are a must cannot be had.
 */
final class LeasesImpossibleFailureAnalyzer extends AbstractFailureAnalyzer<LeasesImpossibleException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LeasesImpossibleException cause) {
		return new FailureAnalysis(
				"pool.leases.mode is on, and the pool '" + cause.pool() + "' can't have leases: " + cause.objection()
						+ ".",
				"""
						Do one of these:

						    - set pool.replicas to the number of instances, and leave pool.leases.mode out
						    - connect to PostgreSQL 15 or later, or to MariaDB, with no pooler in between""", cause);
	}

}
