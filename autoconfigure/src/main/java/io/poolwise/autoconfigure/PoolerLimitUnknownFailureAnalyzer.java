package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolerLimitUnknownException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a pooler whose limit nobody named.
 */
final class PoolerLimitUnknownFailureAnalyzer extends AbstractFailureAnalyzer<PoolerLimitUnknownException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PoolerLimitUnknownException cause) {
		String description = "pool.replicas is set, and a pooler stands before the server (" + cause.evidence()
				+ "). What the server says of max_connections is not what the pooler grants.";
		String action = "Set " + cause.limitKey()
				+ " to the client connections that the pooler grants this application "
				+ "(for PgBouncer: max_client_conn, or the part of it that is meant for this application).";
		return new FailureAnalysis(description, action, cause);
	}

}
