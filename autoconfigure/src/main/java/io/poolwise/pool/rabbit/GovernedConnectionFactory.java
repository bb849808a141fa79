package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutorService;

import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.AbstractConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ChannelListener;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelFactory;
import org.springframework.amqp.rabbit.connection.PublisherCallbackChannelImpl;
import org.springframework.amqp.rabbit.connection.RoutingConnectionFactory;

/**
 * A {@link CachingConnectionFactory} whose channels are a hard limit that can be changed
 * while it works. To everybody who injects it, it is Spring AMQP's: it takes its
 * connections from the factory whose place it takes, with all that factory's settings.
 * Its publisher factory shares the limit. Listener containers, which ask through Spring's
 * routing interface, are given {@linkplain ListenerConnectionFactory channels of their
 * own}.
 */
final class GovernedConnectionFactory extends ForwardingConnectionFactory implements RoutingConnectionFactory {

	private final @Nullable ChannelPool pool;

	private final @Nullable GovernedConnectionFactory publisher;

	private final ListenerConnectionFactory forListeners;

	GovernedConnectionFactory(CachingConnectionFactory origin, ChannelPool pool, BareConnection bare) {
		this(new GatedClientFactory(origin), origin, pool, bare);
	}

	private GovernedConnectionFactory(GatedClientFactory client, CachingConnectionFactory origin, ChannelPool pool,
			BareConnection bare) {
		super(client, origin);
		this.pool = pool;
		this.forListeners = new ListenerConnectionFactory(this);
		client.connectBy(() -> connect(pool, bare));
		super.setCacheMode(origin.getCacheMode());
		super.setConnectionCacheSize(origin.getConnectionCacheSize());
		super.setPublisherReturns(origin.isPublisherReturns());
		super.setPublisherConfirmType(confirmType(origin));
		super.setCloseTimeout(origin.getCloseTimeout());
		super.setPublisherChannelFactory(
				(channel, threads) -> new PublisherCallbackChannelImpl(channel, callbackExecutor()));
		ConnectionFactory originPublisher = origin.getPublisherConnectionFactory();
		this.publisher = (originPublisher instanceof CachingConnectionFactory caching
				&& caching.getClass() == CachingConnectionFactory.class)
						? new GovernedConnectionFactory(caching, pool, bare) : null;
		super.setPublisherConnectionFactory(
				(this.publisher != null) ? this.publisher : (AbstractConnectionFactory) originPublisher);
	}

	private static ConfirmType confirmType(CachingConnectionFactory factory) {
		if (factory.isPublisherConfirms()) {
			return ConfirmType.CORRELATED;
		}
		return factory.isSimplePublisherConfirms() ? ConfirmType.SIMPLE : ConfirmType.NONE;
	}

	private com.rabbitmq.client.Connection connect(ChannelPool pool, BareConnection bare) {
		pool.quietBegins();
		try {
			Connection connection = origin().createConnection();
			com.rabbitmq.client.Connection physical = connection.getDelegate();
			com.rabbitmq.client.Connection gated = GatedConnection.of(physical, pool, this);
			// so that the origin can use its own wrapper again
			physical.addShutdownListener((cause) -> connection.close());
			bare.ledTo(physical);
			return gated;
		}
		catch (AmqpException ex) {
			pool.connectFailed(ex);
			throw ex;
		}
		finally {
			pool.quietEnds();
		}
	}

	/**
	 * The way for listener containers: they look for a factory to route to.
	 * @param key the container's queues, which make no difference
	 * @return a factory over the same connection, whose channels are counted apart
	 */
	@Override
	public ConnectionFactory getTargetConnectionFactory(Object key) {
		return this.forListeners;
	}

	/**
	 * How many idle channels the cache may hold at this moment. Spring asks whenever a
	 * channel comes back: the pool hears of it here, and makes it close the channel while
	 * there are too many. Whoever else asks is told the limit.
	 * @return the limit of the pool, or 0 while more channels than that are open
	 */
	@Override
	public int getChannelCacheSize() {
		return (this.pool != null) ? this.pool.returning((getCacheMode() == CacheMode.CHANNEL) ? this : null)
				: super.getChannelCacheSize();
	}

	/**
	 * What tells apart where a channel is of use: this factory, while it has one
	 * connection, else the connection.
	 * @param connection a connection of this factory
	 * @return the place
	 */
	Object place(GatedConnection connection) {
		return (getCacheMode() == CacheMode.CHANNEL) ? this : connection;
	}

	/**
	 * Changes how long a caller waits for a channel. Unlike Spring's own, the limit holds
	 * whatever this is.
	 * @param channelCheckoutTimeout the time in milliseconds; 0 or less changes nothing
	 */
	@Override
	public void setChannelCheckoutTimeout(long channelCheckoutTimeout) {
		if (channelCheckoutTimeout > 0 && this.pool != null) {
			this.pool.acquireTimeout(Duration.ofMillis(channelCheckoutTimeout));
		}
	}

	/**
	 * Counts the idle channels of this factory and its publisher factory. May wait for a
	 * connect or a close that began just now.
	 * @return how many, at least 0; a broken one counts until somebody wants it
	 */
	int idleChannels() {
		return idleChannels(getCacheProperties()) + ((this.publisher != null) ? this.publisher.idleChannels() : 0);
	}

	static int idleChannels(Properties properties) {
		return properties.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith("idleChannels") && !name.contains("HighWater"))
			.mapToInt((name) -> Integer.parseInt(properties.getProperty(name)))
			.sum();
	}

	@Override
	protected ConnectionListener getConnectionListener() {
		ConnectionListener listener = super.getConnectionListener();
		return (this.pool != null) ? new Announcer(this.pool, listener) : listener;
	}

	boolean hasUngovernedPublisherFactory() {
		return this.publisher == null && hasPublisherConnectionFactory();
	}

	/**
	 * The threads for confirms and returns, whose callbacks may publish.
	 */
	ExecutorService callbackExecutor() {
		return super.getChannelsExecutor();
	}

	/**
	 * The threads for what Spring does after a channel came back.
	 */
	@Override
	protected ExecutorService getChannelsExecutor() {
		ExecutorService threads = super.getChannelsExecutor();
		return (this.pool != null) ? this.pool.returnTasks().on(threads) : threads;
	}

	@Override
	public void setPublisherChannelFactory(PublisherCallbackChannelFactory publisherChannelFactory) {
		super.setPublisherChannelFactory(
				(channel, threads) -> publisherChannelFactory.createChannel(channel, callbackExecutor()));
	}

	ChannelListener channelListener() {
		return getChannelListener();
	}

	@Override
	public void setChannelCacheSize(int sessionCacheSize) {
		super.setChannelCacheSize(sessionCacheSize);
		if (this.publisher != null) {
			this.publisher.setChannelCacheSize(sessionCacheSize);
		}
	}

	@Override
	public void setConnectionLimit(int connectionLimit) {
		super.setConnectionLimit(connectionLimit);
		if (this.publisher != null) {
			this.publisher.setConnectionLimit(connectionLimit);
		}
	}

	@Override
	public void setPublisherReturns(boolean publisherReturns) {
		super.setPublisherReturns(publisherReturns);
		if (this.publisher != null) {
			this.publisher.setPublisherReturns(publisherReturns);
		}
	}

	@Override
	public void setPublisherConfirmType(ConfirmType confirmType) {
		super.setPublisherConfirmType(confirmType);
		if (this.publisher != null) {
			this.publisher.setPublisherConfirmType(confirmType);
		}
	}

	@Override
	public void afterPropertiesSet() {
		origin().afterPropertiesSet();
		super.afterPropertiesSet();
		if (this.publisher != null) {
			this.publisher.afterPropertiesSet();
		}
	}

	@Override
	public void resetConnection() {
		super.resetConnection();
		if (this.publisher != null) {
			this.publisher.resetConnection();
		}
	}

	/**
	 * Learns which caching connection lies over which physical one, before others hear of
	 * it.
	 */
	private record Announcer(ChannelPool pool, ConnectionListener others) implements ConnectionListener {

		@Override
		public void onCreate(@Nullable Connection connection) {
			if (connection != null) {
				GatedConnection gated = GatedConnection.behind(connection.getDelegate());
				if (gated != null) {
					gated.cachedBy(connection);
				}
			}
			this.pool.quietBegins();
			try {
				this.others.onCreate(connection);
			}
			finally {
				this.pool.quietEnds();
			}
		}

		@Override
		public void onClose(Connection connection) {
			this.others.onClose(connection);
		}

		@Override
		public void onShutDown(ShutdownSignalException signal) {
			this.others.onShutDown(signal);
		}

		@Override
		public void onFailed(Exception exception) {
			this.others.onFailed(exception);
		}

	}

}
