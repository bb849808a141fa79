package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;

/**
 * Tells the governor of R2DBC's connection factories, and what they can open. Which
 * server they lead to is not asked, so that it counts on every database server.
 */
final class UngovernedR2dbcFactories implements BeanPostProcessor, Ordered {

	private static final String WITHOUT_A_LIMIT = "H2";

	private final ObjectProvider<PoolGovernor> governor;

	private final boolean poolPresent = ClassUtils.isPresent("io.r2dbc.pool.ConnectionPool",
			getClass().getClassLoader());

	UngovernedR2dbcFactories(ObjectProvider<PoolGovernor> governor) {
		this.governor = governor;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConnectionFactory factory && !(bean instanceof ScopedObject)
				&& !WITHOUT_A_LIMIT.equals(factory.getMetadata().getName())) {
			this.governor.getObject()
				.acknowledge(new UngovernedPool(beanName, PoolKind.DATABASE, null, connections(factory),
						"it is a " + factory.getClass().getSimpleName() + " of R2DBC"));
		}
		return bean;
	}

	private @Nullable Integer connections(ConnectionFactory factory) {
		return this.poolPresent ? Pools.max(factory) : null;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	/**
	 * Sees the classes of a library that may be absent.
	 */
	private static final class Pools {

		static @Nullable Integer max(ConnectionFactory factory) {
			int max = (factory instanceof ConnectionPool pool)
					? pool.getMetrics().map(PoolMetrics::getMaxAllocatedSize).orElse(Integer.MAX_VALUE)
					: Integer.MAX_VALUE;
			return (max < Integer.MAX_VALUE) ? max : null;
		}

	}

}
