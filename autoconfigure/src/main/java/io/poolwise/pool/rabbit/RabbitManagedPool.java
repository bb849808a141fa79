package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * The channels of a Spring AMQP connection factory as the governor sees them.
 */
public final class RabbitManagedPool implements ManagedPool {

	private final String name;

	private final ChannelPool channels;

	private final GovernedConnectionFactory factory;

	private final ChannelResizer resizer;

	/**
	 * Takes the place of a connection factory that has not been used yet.
	 * @param name the pool's name, as operators know it
	 * @param origin makes the connections from now on, with all its settings; nobody else
	 * may use it
	 * @param size the size to start with
	 * @param acquireTimeout how long a caller waits for a channel
	 * @param executor runs what follows a return or a resize, never on a borrower's
	 * thread
	 */
	public RabbitManagedPool(String name, CachingConnectionFactory origin, PoolSize size, Duration acquireTimeout,
			Executor executor) {
		this.name = name;
		this.channels = new ChannelPool(name, size.ceiling(), acquireTimeout, new IdleChannels(executor),
				System::nanoTime);
		this.factory = new GovernedConnectionFactory(origin, this.channels);
		this.resizer = new ChannelResizer(this.channels, this.factory, size);
	}

	/**
	 * The factory that takes the origin's place.
	 * @return the factory, always the same
	 */
	public CachingConnectionFactory connectionFactory() {
		return this.factory;
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
		return new ServerProbe.Failed("not asked");
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.empty();
	}

	/**
	 * Channels of listener containers, which are not part of the pool's size.
	 * @return how many are open, at least 0
	 */
	public int listenerChannels() {
		return this.channels.gate().listeners();
	}

}
