package io.poolwise.autoconfigure;

import io.poolwise.budget.ServerIdentity;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.AbstractRoutingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Tells the governor of connection factories that are not governed, and of environments
 * of RabbitMQ Streams, whose connections carry no channels. Neither tells how many it may
 * open, so nothing is taken from the allotment for them.
 */
final class UngovernedRabbitFactories implements BeanPostProcessor, Ordered {

	private static final String STREAMS = "com.rabbitmq.stream.Environment";

	private final ObjectProvider<RabbitPoolFactory> pools;

	private final ObjectProvider<PoolGovernor> governor;

	private final @Nullable Class<?> streams;

	UngovernedRabbitFactories(ObjectProvider<RabbitPoolFactory> pools, ObjectProvider<PoolGovernor> governor) {
		this.pools = pools;
		this.governor = governor;
		ClassLoader loader = getClass().getClassLoader();
		this.streams = ClassUtils.isPresent(STREAMS, loader) ? ClassUtils.resolveClassName(STREAMS, loader) : null;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		String why = whyUngoverned(bean);
		if (why != null) {
			// not asked: a connection nobody wanted would be opened
			this.governor.ifAvailable((governor) -> governor.acknowledge(new UngovernedPool(beanName, PoolKind.RABBIT,
					new ServerIdentity("broker of " + beanName), null, why)));
		}
		return bean;
	}

	private @Nullable String whyUngoverned(Object bean) {
		if (bean instanceof ScopedObject) {
			return null;
		}
		if (this.streams != null && this.streams.isInstance(bean)) {
			return "RabbitMQ Streams has connections of its own, without channels";
		}
		// those that a routing factory leads to are beans of their own
		if (!(bean instanceof ConnectionFactory factory) || bean instanceof AbstractRoutingConnectionFactory
				|| this.pools.getObject().governs(factory)) {
			return null;
		}
		return RabbitPoolFactory.isConnectionCache(bean)
				? "its cache mode is CONNECTION, for which Spring AMQP has no limit over all connections"
				: "it is a " + bean.getClass().getSimpleName();
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
