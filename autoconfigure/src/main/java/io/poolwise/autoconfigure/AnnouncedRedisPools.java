package io.poolwise.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.poolwise.budget.PoolDemand;
import io.poolwise.governor.ExpectedPools;
import io.poolwise.pool.PoolKind;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The connection factories that the application declares and hasn't made yet.
 */
class AnnouncedRedisPools implements ExpectedPools {

	private final ConfigurableListableBeanFactory beans;

	private final PoolKeys keys;

	AnnouncedRedisPools(ConfigurableListableBeanFactory beans, PoolKeys keys) {
		this.beans = beans;
		this.keys = keys;
	}

	@Override
	public List<PoolDemand> besides(PoolKind kind, Set<String> present) {
		if (kind != PoolKind.REDIS) {
			return List.of();
		}
		return Stream.of(this.beans.getBeanNamesForType(RedisConnectionFactory.class, true, false))
			.filter((name) -> !ScopedProxyUtils.isScopedTarget(name))
			.filter(this::isAnnouncedAsLettuce)
			.filter((name) -> !present.contains(name))
			.map((name) -> RedisPoolFactory.expected(this.keys, name))
			.toList();
	}

	private boolean isAnnouncedAsLettuce(String bean) {
		Class<?> type = this.beans.getType(bean, false);
		return type != null && !this.beans.containsSingleton(bean)
				&& (type == RedisConnectionFactory.class || LettuceConnectionFactory.class.isAssignableFrom(type));
	}

}
