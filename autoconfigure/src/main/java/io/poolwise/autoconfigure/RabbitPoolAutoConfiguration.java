package io.poolwise.autoconfigure;

import java.util.concurrent.ScheduledExecutorService;

import com.rabbitmq.client.Channel;
import io.poolwise.governor.PoolGovernor;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that sizes the channel caches of Spring AMQP's connection factories.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass({ CachingConnectionFactory.class, Channel.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.rabbit.enabled" }, matchIfMissing = true)
public final class RabbitPoolAutoConfiguration {

	@Bean
	static RabbitPoolBeanPostProcessor rabbitPoolBeanPostProcessor(ApplicationContext context,
			ObjectProvider<RabbitPoolFactory> factory, ObjectProvider<PoolGovernor> governor, Environment environment) {
		return new RabbitPoolBeanPostProcessor(context, factory, governor,
				environment.getProperty("pool.dry-run", Boolean.class, false));
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
	static UngovernedRabbitFactories ungovernedRabbitFactories(ObjectProvider<RabbitPoolFactory> pools,
			ObjectProvider<PoolGovernor> governor) {
		return new UngovernedRabbitFactories(pools, governor);
	}

	@Bean
	RabbitPoolFactory rabbitPoolFactory(PoolKeys keys, PoolGovernor governor,
			@Qualifier("poolExecutor") ScheduledExecutorService executor) {
		return new RabbitPoolFactory(keys, governor, executor);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
	RabbitListenerPlan rabbitListenerPlan(RabbitPoolFactory pools, PoolKeys keys, ListableBeanFactory beans) {
		return new RabbitListenerPlan(pools, keys, beans);
	}

}
