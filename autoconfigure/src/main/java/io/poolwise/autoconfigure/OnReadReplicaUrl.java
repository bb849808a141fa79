package io.poolwise.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if somebody set the address of a read replica. Spring Boot's own condition for
 * keys would show a value with a placeholder that can't be resolved.
 */
final class OnReadReplicaUrl extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean wanted = context.getEnvironment() instanceof ConfigurableEnvironment environment
				&& new ReadReplica(new PoolKeys(environment)).isWanted();
		ConditionMessage.Builder message = ConditionMessage.forCondition("Read replica");
		return new ConditionOutcome(wanted,
				wanted ? message.foundExactly(ReadReplica.URL) : message.because(ReadReplica.URL + " is not set"));
	}

}
