package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.NetworkConnection;
import org.jspecify.annotations.Nullable;

/**
 * One physical connection on which every new channel goes through the pool's gate.
 */
final class GatedConnection implements InvocationHandler {

	/**
	 * How long a channel counts after it was closed. The broker confirms a close before
	 * it has ended the channel and counted it off its limits, less than a millisecond
	 * later unless it is busy; whoever exceeds a user's limit meanwhile loses the whole
	 * connection.
	 */
	private static final long COOLING_MILLIS = 50;

	private final Set<Permit> cooling = ConcurrentHashMap.newKeySet();

	private final Connection physical;

	private final ChannelPool pool;

	private final GovernedConnectionFactory factory;

	// the caching connection over this one, known once it is announced
	private volatile org.springframework.amqp.rabbit.connection.@Nullable Connection cache;

	private GatedConnection(Connection physical, ChannelPool pool, GovernedConnectionFactory factory) {
		this.physical = physical;
		this.pool = pool;
		this.factory = factory;
	}

	/**
	 * Puts a gate before a connection.
	 * @param physical the connection
	 * @param pool the pool whose channels it carries
	 * @param factory the factory that caches these channels
	 * @return the connection as the factory should see it
	 */
	static Connection of(Connection physical, ChannelPool pool, GovernedConnectionFactory factory) {
		GatedConnection gated = new GatedConnection(physical, pool, factory);
		pool.opened(gated);
		physical.addShutdownListener((cause) -> gated.ended());
		Class<?>[] types = (physical instanceof NetworkConnection)
				? new Class<?>[] { Connection.class, NetworkConnection.class } : new Class<?>[] { Connection.class };
		return (Connection) Proxy.newProxyInstance(GatedConnection.class.getClassLoader(), types, gated);
	}

	/**
	 * Finds the gate before a connection.
	 * @param connection a connection that {@link #of} has returned
	 * @return its gate, or null if there is none
	 */
	static @Nullable GatedConnection behind(Connection connection) {
		return (Proxy.isProxyClass(connection.getClass())
				&& Proxy.getInvocationHandler(connection) instanceof GatedConnection gated) ? gated : null;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		return switch (method.getName()) {
			case "createChannel" -> this.pool.channel(this, () -> openPublisher(number(args)));
			case "openChannel" -> Optional.of(this.pool.channel(this, () -> openPublisher(number(args))));
			case "close", "abort" -> delegateQuietly(method, args);
			case "equals" -> proxy == ((args != null) ? args[0] : null);
			case "hashCode" -> System.identityHashCode(proxy);
			default -> delegate(method, args);
		};
	}

	private static @Nullable Integer number(Object @Nullable [] args) {
		return (args != null && args.length == 1) ? (Integer) args[0] : null;
	}

	private @Nullable Object delegateQuietly(Method method, Object @Nullable [] args) throws Throwable {
		this.pool.quietBegins();
		try {
			return delegate(method, args);
		}
		finally {
			this.pool.quietEnds();
		}
	}

	private @Nullable Object delegate(Method method, Object @Nullable [] args) throws Throwable {
		try {
			return method.invoke(this.physical, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	@Nullable Channel openPublisher() throws IOException {
		return openPublisher(null);
	}

	/**
	 * Opens a channel for which a permit was taken; the permit goes back when the channel
	 * is closed, or at once if none could be opened.
	 */
	private @Nullable Channel openPublisher(@Nullable Integer number) throws IOException {
		Permit permit = new Permit(this.pool.gate());
		return open(number, permit::giveBack, () -> cool(permit));
	}

	/**
	 * Opens a channel that is counted apart, without waiting.
	 * @return the channel, or null if the connection can carry no more
	 * @throws IOException when the broker or the network failed
	 */
	@Nullable Channel openListener() throws IOException {
		ChannelGate gate = this.pool.gate();
		gate.listenerEntered();
		return open(null, gate::listenerLeft, gate::listenerLeft);
	}

	private @Nullable Channel open(@Nullable Integer number, Runnable whenGone, Runnable whenClosed)
			throws IOException {
		Channel channel = null;
		try {
			channel = (number != null) ? this.physical.createChannel(number) : this.physical.createChannel();
		}
		finally {
			if (channel == null) {
				whenGone.run();
			}
		}
		if (channel != null) {
			AtomicBoolean closed = new AtomicBoolean();
			channel.addShutdownListener((cause) -> {
				if (closed.compareAndSet(false, true)) {
					(cause.isHardError() ? whenGone : whenClosed).run();
				}
			});
		}
		return channel;
	}

	/**
	 * Gives a permit back once the broker has surely counted the channel off: some time
	 * later, or with the end of the connection.
	 */
	private void cool(Permit permit) {
		this.cooling.add(permit);
		CompletableFuture.delayedExecutor(COOLING_MILLIS, TimeUnit.MILLISECONDS, Runnable::run).execute(() -> {
			this.cooling.remove(permit);
			permit.giveBack();
		});
		if (!this.physical.isOpen()) {
			permit.giveBack();
		}
	}

	private void ended() {
		this.pool.closed(this);
		this.cooling.forEach(Permit::giveBack);
	}

	/**
	 * Channels that are closed and still count.
	 * @return how many, at least 0
	 */
	int cooling() {
		return this.cooling.size();
	}

	void cachedBy(org.springframework.amqp.rabbit.connection.Connection cache) {
		this.cache = cache;
	}

	org.springframework.amqp.rabbit.connection.@Nullable Connection cache() {
		return this.cache;
	}

	GovernedConnectionFactory factory() {
		return this.factory;
	}

	Connection physical() {
		return this.physical;
	}

	boolean isOpen() {
		return this.physical.isOpen();
	}

	/**
	 * A permit of the gate, to be given back once.
	 */
	private static final class Permit {

		private final ChannelGate gate;

		private final AtomicBoolean givenBack = new AtomicBoolean();

		Permit(ChannelGate gate) {
			this.gate = gate;
		}

		void giveBack() {
			if (this.givenBack.compareAndSet(false, true)) {
				this.gate.leave();
			}
		}

	}

}
