package io.poolwise.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.poolwise.actuate.PoolHealthContributor;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.pool.PoolKind;

import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.amqp.health.RabbitHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the health part {@code rabbit}.
 * Takes the place of Spring Boot's own, which needs a channel of the pool.
 */
@AutoConfiguration(after = RabbitPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
		beforeName = "org.springframework.boot.amqp.autoconfigure.health.RabbitHealthContributorAutoConfiguration")
@ConditionalOnClass({ RabbitTemplate.class, RabbitHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ RabbitPoolFactory.class, RabbitTemplate.class })
@ConditionalOnEnabledHealthIndicator("rabbit")
@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
final class RabbitHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "rabbitHealthIndicator", "rabbitHealthContributor" })
	HealthContributor rabbitHealthContributor(PoolGovernor governor, RabbitPoolFactory pools,
			ConfigurableListableBeanFactory beans) {
		Map<String, HealthContributor> others = new LinkedHashMap<>();
		SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, RabbitTemplate.class, false, true)
			.forEach((name, template) -> {
				if (!pools.governs(template.getConnectionFactory())) {
					others.put(name, new RabbitHealthIndicator(template));
				}
			});
		return new PoolHealthContributor(governor, PoolKind.RABBIT, others);
	}

}
