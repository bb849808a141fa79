package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * The channels of a Spring AMQP connection factory as the governor sees them.
 */
public final class RabbitManagedPool implements ManagedPool {

	private final String name;

	private final ChannelPool channels;

	private final GovernedConnectionFactory factory;

	private final ChannelResizer resizer;

	private final RabbitProbe probe;

	private final RabbitLimits limits;

	private volatile boolean connected;

	/**
	 * Takes the place of a connection factory that has not been used yet.
	 * @param name the pool's name, as operators know it
	 * @param origin makes the connections from now on, with all its settings; nobody else
	 * may use it
	 * @param size the size to start with
	 * @param acquireTimeout how long a caller waits for a channel
	 * @param management where to read the limits that are no part of the protocol, or
	 * null
	 * @param executor runs what follows a return or a resize, never on a borrower's
	 * thread
	 */
	public RabbitManagedPool(String name, CachingConnectionFactory origin, PoolSize size, Duration acquireTimeout,
			@Nullable RabbitManagement management, Executor executor) {
		this.name = name;
		this.channels = new ChannelPool(name, size.ceiling(), acquireTimeout, new IdleChannels(executor),
				System::nanoTime);
		BareConnection bare = new BareConnection(origin);
		this.factory = new GovernedConnectionFactory(origin, this.channels, bare);
		this.resizer = new ChannelResizer(this.channels, this.factory, size);
		this.probe = new RabbitProbe(this.channels, bare, System::nanoTime);
		this.limits = new RabbitLimits(name, this.channels::openConnection, this.factory, bare, management);
	}

	/**
	 * Bounds how many callers may wait for a channel; the next one is refused at once.
	 * @param maxPending how many, 0 (as at first) for any number
	 */
	public void maxPending(int maxPending) {
		if (maxPending < 0) {
			throw new IllegalArgumentException("maxPending must be at least 0, was " + maxPending);
		}
		this.channels.maxPending(maxPending);
	}

	/**
	 * The factory that takes the origin's place.
	 * @return the factory, always the same
	 */
	public CachingConnectionFactory connectionFactory() {
		return this.factory;
	}

	/**
	 * Reads the broker's limits, over an open connection or a short-lived one. Warns,
	 * once for each reason, if the management API does not tell.
	 * @param timeout how long the caller waits
	 * @return the limits
	 */
	public RabbitReading readLimits(Duration timeout) {
		return this.limits.read(timeout);
	}

	/**
	 * Names what to do after each connect: limits may have changed, or can be read at
	 * last.
	 * @param action called on a thread that may wait
	 */
	public void onConnect(Runnable action) {
		this.channels.whenConnected(action);
	}

	/**
	 * Channels of listener containers, which are not part of the pool's size.
	 * @return how many are open, at least 0
	 */
	public int listenerChannels() {
		return this.channels.gate().listeners();
	}

	/**
	 * Whether a connection factory is the one of some managed pool.
	 * @param factory any factory
	 * @return whether its channels are limited here
	 */
	public static boolean governs(ConnectionFactory factory) {
		return factory instanceof GovernedConnectionFactory;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolKind kind() {
		return PoolKind.RABBIT;
	}

	@Override
	public PoolCounts counts() {
		return this.resizer.counts();
	}

	@Override
	public PoolSize target() {
		return this.resizer.target();
	}

	@Override
	public void resize(PoolSize target) {
		this.resizer.resize(target);
	}

	@Override
	public ServerProbe probe(Duration timeout) {
		return this.probe.probe(timeout, counts().free() == 0);
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.ofNullable(this.channels.connectFailure());
	}

	@Override
	public PoolConnects connects() {
		return this.channels.connects();
	}

	@Override
	public PoolTrouble trouble() {
		return this.channels.trouble();
	}

	/**
	 * Opens the connection, which the channels are opened on when they are wanted.
	 */
	@Override
	public void warmUp(ConnectPace pace) {
		this.factory.createConnection();
		this.connected = true;
	}

	/**
	 * The connection counts as 1 until it has been open.
	 */
	@Override
	public int missing() {
		return this.connected ? 0 : 1;
	}

	@Override
	public List<String> limitations() {
		List<String> limitations = new ArrayList<>();
		if (this.factory.isPublisherReturns() && !this.factory.isPublisherConfirms()) {
			limitations.add("a busy channel above a lowered limit counts for 5 s after it came back, since messages"
					+ " may still be returned on it; with spring.rabbitmq.publisher-confirm-type=correlated it does not");
		}
		if (this.factory.hasUngovernedPublisherFactory()) {
			limitations.add("the channels of its publisher factory, which is not Spring's own, are not limited");
		}
		return limitations;
	}

}
