package io.poolwise.autoconfigure;

import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

/**
 * Gives Spring Boot's connection factory our command timeout, which bounds its connects
 * too. First of all customizers, so that the application's own win.
 */
class RedisCommandTimeout implements LettuceClientConfigurationBuilderCustomizer, Ordered {

	private final PoolKeys keys;

	RedisCommandTimeout(PoolKeys keys) {
		this.keys = keys;
	}

	@Override
	public void customize(LettuceClientConfigurationBuilder builder) {
		boolean told = this.keys.explicit("spring.data.redis.timeout", String.class).isPresent();
		new RedisKeys(this.keys).commandTimeout()
			.filter((setting) -> setting.explicit() || !told)
			.ifPresent((setting) -> builder.commandTimeout(setting.value()));
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
