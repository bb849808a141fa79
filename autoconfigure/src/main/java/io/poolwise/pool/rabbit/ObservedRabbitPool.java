package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * A stock connection factory that is looked at and never touched, for a dry run: it
 * remembers what it was told, and does nothing.
 */
public final class ObservedRabbitPool implements ManagedPool {

	private final String name;

	private final RabbitLimits limits;

	private final CachingConnectionFactory factory;

	private volatile PoolSize target;

	/**
	 * Creates a view.
	 * @param name the pool's name
	 * @param factory the factory
	 * @param management where to read the limits that are no part of the protocol, or
	 * null
	 */
	public ObservedRabbitPool(String name, CachingConnectionFactory factory, @Nullable RabbitManagement management) {
		this.name = name;
		this.factory = factory;
		this.target = PoolSize.of(0, factory.getChannelCacheSize());
		this.limits = new RabbitLimits(name, () -> null, factory, new BareConnection(factory), management);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolKind kind() {
		return PoolKind.RABBIT;
	}

	/**
	 * Spring tells of idle channels only.
	 */
	@Override
	public PoolCounts counts() {
		int idle = GovernedConnectionFactory.idleChannels(this.factory.getCacheProperties());
		return new PoolCounts(idle, idle, 0, 0);
	}

	@Override
	public PoolSize target() {
		return this.target;
	}

	@Override
	public void resize(PoolSize target) {
		this.target = target;
	}

	/**
	 * In a dry run, Boot's own health indicator asks.
	 */
	@Override
	public ServerProbe probe(Duration timeout) {
		return (readLimits(timeout) instanceof RabbitReading.Unavailable unavailable)
				? new ServerProbe.Failed(unavailable.reason()) : new ServerProbe.Answered(Duration.ZERO);
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.empty();
	}

	/**
	 * Reads the broker's limits over a short-lived connection.
	 * @param timeout how long the caller waits
	 * @return the limits
	 */
	public RabbitReading readLimits(Duration timeout) {
		return this.limits.read(timeout);
	}

	@Override
	public List<String> limitations() {
		return List.of("only idle channels are counted, since Spring tells of no others");
	}

}
