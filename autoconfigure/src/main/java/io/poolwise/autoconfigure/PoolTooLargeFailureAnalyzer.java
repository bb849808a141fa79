package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolTooLargeException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an explicit size above what the budget allots.
 */
final class PoolTooLargeFailureAnalyzer extends AbstractFailureAnalyzer<PoolTooLargeException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PoolTooLargeException cause) {
		StringBuilder description = new StringBuilder(cause.key()).append(" is ")
			.append(cause.requested())
			.append(", but the budget allots ")
			.append(cause.allotted())
			.append((cause.allotted() == 1) ? " connection" : " connections")
			.append(", and ")
			.append(cause.budgetKeys())
			.append(".on-exceed is fail.%n%nHow it came to that:%n".formatted());
		cause.reasons().forEach((reason) -> description.append("%n    - ".formatted()).append(reason));
		String action = "Lower " + cause.key() + " to " + cause.allotted()
				+ " or less, give the fleet a larger budget, or set " + cause.budgetKeys()
				+ ".on-exceed=clamp to have the size cut.";
		return new FailureAnalysis(description.toString(), action, cause);
	}

}
