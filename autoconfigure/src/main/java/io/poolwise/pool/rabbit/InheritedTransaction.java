package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/**
 * An idle channel in a transaction's mode, handed to a caller of whom nobody knows yet
 * whether it wants one. Spring selects the mode first if it does; any other call first
 * means that it does not, and then the channel is exchanged for a new one: a channel
 * cannot leave the mode, and what was published without a commit would be lost.
 */
final class InheritedTransaction implements InvocationHandler {

	private final Replacement replacement;

	private volatile Channel channel;

	private volatile boolean decided;

	private InheritedTransaction(Channel channel, Replacement replacement) {
		this.channel = channel;
		this.replacement = replacement;
	}

	/**
	 * Wraps a channel for the next caller.
	 * @param channel a channel in a transaction's mode, perhaps already wrapped
	 * @param replacement opens a new channel
	 * @return the channel for the caller
	 */
	static Channel of(Channel channel, Replacement replacement) {
		return (Channel) Proxy.newProxyInstance(InheritedTransaction.class.getClassLoader(),
				new Class<?>[] { Channel.class }, new InheritedTransaction(unwrap(channel), replacement));
	}

	private static Channel unwrap(Channel channel) {
		return (Proxy.isProxyClass(channel.getClass())
				&& Proxy.getInvocationHandler(channel) instanceof InheritedTransaction inherited) ? inherited.channel
						: channel;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		if (!this.decided) {
			if (!method.getName().equals("txSelect")) {
				exchange();
			}
			this.decided = true;
		}
		try {
			return switch (method.getName()) {
				case "equals" -> proxy == ((args != null) ? args[0] : null);
				case "hashCode" -> System.identityHashCode(proxy);
				default -> method.invoke(this.channel, args);
			};
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private void exchange() throws IOException {
		try {
			this.channel.close();
		}
		catch (TimeoutException | ShutdownSignalException ex) {
			// it is closed, or will be counted until it is
		}
		this.channel = this.replacement.open();
	}

	/**
	 * Opens a new channel.
	 */
	interface Replacement {

		Channel open() throws IOException;

	}

}
