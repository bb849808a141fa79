package io.poolwise.autoconfigure;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.NetworkConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * The proxies that a native image must know of.
 */
final class RabbitRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.proxies().registerJdkProxy(Connection.class, NetworkConnection.class);
		hints.proxies().registerJdkProxy(Connection.class);
		hints.proxies().registerJdkProxy(Channel.class);
	}

}
