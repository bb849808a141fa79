package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.poolwise.pool.ConnectTally;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ChannelListener;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/**
 * Counts the connections and channels of a connection factory and its publisher factory
 * with Spring AMQP's own listeners. A channel that Spring reopens behind the back of a
 * borrower is not announced, and counts once it is idle. Safe for any thread.
 */
final class ChannelCounter implements ConnectionListener, ChannelListener {

	private static final Duration BRIEFLY = Duration.ofMillis(100);

	private final CachingConnectionFactory factory;

	private final BareConnection bare;

	private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	private final ConnectTally tally = new ConnectTally();

	private final List<Runnable> whenConnected = new CopyOnWriteArrayList<>();

	private final List<Runnable> whenLost = new CopyOnWriteArrayList<>();

	private final List<Runnable> whenRefused = new CopyOnWriteArrayList<>();

	// Spring's numbers are guarded by the lock under which it connects
	private final BrokerQuestions<Integer> idle = new BrokerQuestions<>(() -> idle(null));

	private volatile int lastIdle;

	private volatile @Nullable String connectFailure;

	ChannelCounter(CachingConnectionFactory factory, BareConnection bare) {
		this.factory = factory;
		this.bare = bare;
	}

	/**
	 * Begins to count.
	 */
	void attach() {
		this.factory.addChannelListener(this);
		this.factory.addConnectionListener(this);
	}

	/**
	 * Names what to do after each connect. Runs on the thread that connects, under
	 * Spring's lock.
	 */
	void whenConnected(Runnable action) {
		this.whenConnected.add(action);
	}

	/**
	 * Names what to do when a connection ends. Runs on a thread of the client.
	 */
	void whenLost(Runnable action) {
		this.whenLost.add(action);
	}

	/**
	 * Names what to do when the broker ends a channel. Runs on a thread of the client.
	 */
	void whenRefused(Runnable action) {
		this.whenRefused.add(action);
	}

	@Override
	public void onCreate(@Nullable Connection connection) {
		if (connection != null) {
			this.tally.made();
			this.connectFailure = null;
			this.connections.add(connection);
			this.bare.ledTo(connection.getDelegate());
			this.whenConnected.forEach(Runnable::run);
		}
	}

	@Override
	public void onClose(Connection connection) {
		this.connections.remove(connection);
	}

	/**
	 * Told of channels and connections; of each channel too when its connection ends.
	 */
	@Override
	public void onShutDown(ShutdownSignalException signal) {
		if (signal.isHardError()) {
			this.whenLost.forEach(Runnable::run);
		}
		else if (!signal.isInitiatedByApplication()) {
			this.whenRefused.forEach(Runnable::run);
		}
	}

	@Override
	public void onFailed(Exception exception) {
		this.tally.failed();
		this.connectFailure = Failures.describe(exception);
	}

	@Override
	public void onCreate(Channel channel, boolean transactional) {
		this.channels.add(channel);
		channel.addShutdownListener((signal) -> this.channels.remove(channel));
	}

	/**
	 * The connections that are open, at most one of the factory and one of its publisher
	 * factory.
	 */
	List<Connection> connections() {
		return this.connections.stream().filter(Connection::isOpen).toList();
	}

	/**
	 * How many channels are open, as far as they were announced. Asks nobody.
	 */
	int open() {
		return this.channels.size();
	}

	/**
	 * Counts the channels. While Spring connects, the last known number of idle ones
	 * stands.
	 */
	PoolCounts counts() {
		if (open() == 0 && connections().isEmpty()) {
			return PoolCounts.EMPTY;
		}
		try {
			this.lastIdle = this.idle.ask(BRIEFLY);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (TimeoutException | ExecutionException ex) {
			// the last known number stands
		}
		int free = connections().isEmpty() ? 0 : this.lastIdle;
		int size = Math.max(open(), free);
		return new PoolCounts(size, free, size - free, 0);
	}

	/**
	 * Counts the channels of a connection that are not idle. May wait for a connect.
	 */
	int inUse(Connection connection) {
		com.rabbitmq.client.Connection physical = connection.getDelegate();
		long open = this.channels.stream().filter((channel) -> channel.getConnection() == physical).count();
		return (int) Math.max(0, open - idle(connection));
	}

	/**
	 * Counts idle channels. May wait for a connect.
	 * @param connection where, null for everywhere
	 */
	int idle(@Nullable Connection connection) {
		return Stream.of(this.factory.getCacheProperties(), this.factory.getPublisherConnectionFactoryCacheProperties())
			.filter((properties) -> connection == null || number(properties, "localPort") == connection.getLocalPort())
			.mapToInt((properties) -> number(properties, "idleChannelsTx") + number(properties, "idleChannelsNotTx"))
			.sum();
	}

	private static int number(Properties properties, String name) {
		return Integer.parseInt(properties.getProperty(name, "0"));
	}

	PoolConnects connects() {
		return this.tally.connects();
	}

	@Nullable String connectFailure() {
		return this.connectFailure;
	}

}
