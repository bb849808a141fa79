package io.poolwise.autoconfigure;

import java.lang.reflect.Field;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ReflectionUtils;

/**
 * The field that a native image must let be read of a connection factory with a limit of
 * channels.
 */
final class RabbitRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Field permits = ReflectionUtils.findField(CachingConnectionFactory.class, "checkoutPermits");
		if (permits != null) {
			hints.reflection().registerField(permits);
		}
	}

}
