package io.poolwise.autoconfigure;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The methods for subclasses that a native image must let be called on the factory that
 * is replaced.
 */
final class RedisRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Stream.of(LettuceConnectionFactory.class.getDeclaredMethods())
			.filter((method) -> method.getName().startsWith("doCreate"))
			.forEach((method) -> hints.reflection().registerMethod(method, ExecutableMode.INVOKE));
	}

}
