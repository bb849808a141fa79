package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.concurrent.Executor;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.ClusterCommandExecutor;
import org.springframework.data.redis.connection.ClusterTopologyProvider;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClusterConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * A {@link LettuceConnectionFactory} whose connections of every type come from one pool
 * with one bound that can be resized truthfully. Takes the place of another factory,
 * which goes on to make the client: address, credentials, TLS, options and resources are
 * that factory's own.
 */
public class GovernedLettuceConnectionFactory extends LettuceConnectionFactory {

	private final LettuceConnectionFactory original;

	private final LettuceManagedPool managed;

	private final Duration commandTimeout;

	private final boolean timeoutsPerCommand;

	private final Object clientMonitor = new Object();

	private volatile @Nullable StatefulConnection<?, ?> shared;

	private @Nullable LettuceConnectionProvider raw;

	private boolean stopped;

	/**
	 * Creates a factory in place of another one.
	 * @param name the pool's name, as operators know it
	 * @param original the other factory; stopped if it runs, and from now on started and
	 * stopped by this one
	 * @param settings what the pool is given
	 * @param executor runs what follows a reconnect, and may wait
	 */
	public GovernedLettuceConnectionFactory(String name, LettuceConnectionFactory original, LettuceSettings settings,
			Executor executor) {
		super(configurationOf(original), new UnpooledClientConfiguration(original.getClientConfiguration()));
		this.original = original;
		this.commandTimeout = settings.commandTimeout();
		this.timeoutsPerCommand = CommandTimeouts.mayReplace(original.getClientConfiguration().getClientOptions());
		this.managed = new LettuceManagedPool(name, settings, Topology.of(original), () -> this.shared,
				this::bareConnections, executor, System::nanoTime);
		setPhase(original.getPhase());
		setAutoStartup(original.isAutoStartup());
		setEarlyStartup(original.isEarlyStartup());
		setShareNativeConnection(original.getShareNativeConnection());
		setValidateConnection(original.getValidateConnection());
		setConvertPipelineAndTxResults(original.getConvertPipelineAndTxResults());
		setEagerInitialization(original.getEagerInitialization());
		original.setEagerInitialization(false);
		if (original.isRunning()) {
			original.stop();
		}
	}

	/**
	 * Whether a factory can be replaced: a subclass may do what this class knows nothing
	 * of, and of a static primary with replicas Spring Data keeps the addresses to
	 * itself.
	 * @param factory the factory, not in use yet
	 * @return {@code null} if it can, else why not
	 */
	public static @Nullable String whyNotReplaceable(LettuceConnectionFactory factory) {
		if (factory.getClass() != LettuceConnectionFactory.class) {
			return "it is a " + factory.getClass().getSimpleName() + ", which only its own class can replace";
		}
		boolean known = factory.isClusterAware() || factory.isRedisSentinelAware()
				|| factory.getSocketConfiguration() != null || hasDatabaseOrHostOfItsStandaloneConfiguration(factory);
		return known ? null : "it has static replicas, whose addresses it doesn't tell";
	}

	/**
	 * The standalone configuration is the factory's own, and live: where a change of its
	 * database shows in the factory, it is what the factory uses. A standalone
	 * configuration that came by its interface shows in the host, which static replicas
	 * have not.
	 */
	private static boolean hasDatabaseOrHostOfItsStandaloneConfiguration(LettuceConnectionFactory factory) {
		RedisStandaloneConfiguration standalone = factory.getStandaloneConfiguration();
		int database = standalone.getDatabase();
		String host = standalone.getHostName();
		try {
			standalone.setDatabase(database + 1);
			standalone.setHostName(host + ".changed");
			return factory.getDatabase() == database + 1 || !factory.getHostName().equals(host + ".changed");
		}
		finally {
			standalone.setDatabase(database);
			standalone.setHostName(host);
		}
	}

	private static RedisConfiguration configurationOf(LettuceConnectionFactory original) {
		if (original.getClusterConfiguration() != null) {
			return original.getClusterConfiguration();
		}
		if (original.getSentinelConfiguration() != null) {
			return original.getSentinelConfiguration();
		}
		return (original.getSocketConfiguration() != null) ? original.getSocketConfiguration()
				: original.getStandaloneConfiguration();
	}

	/**
	 * The pool as the governor sees it.
	 * @return the managed pool, always the same
	 */
	public LettuceManagedPool managedPool() {
		return this.managed;
	}

	@Override
	public void stop() {
		super.stop();
		synchronized (this.clientMonitor) {
			this.stopped = true;
			this.raw = null;
			this.shared = null;
			this.original.stop();
		}
	}

	@Override
	protected AbstractRedisClient createClient() {
		synchronized (this.clientMonitor) {
			this.stopped = false;
			return client();
		}
	}

	private AbstractRedisClient client() {
		if (!this.original.isRunning()) {
			this.original.start();
			applyCommandTimeouts(this.original.getRequiredNativeClient());
		}
		return this.original.getRequiredNativeClient();
	}

	/**
	 * Opens connections beside the pool, before the start too.
	 */
	private LettuceConnectionProvider bareConnections() {
		synchronized (this.clientMonitor) {
			if (this.stopped) {
				throw new IllegalStateException("The connection factory is stopped");
			}
			LettuceConnectionProvider raw = this.raw;
			if (raw == null) {
				raw = super.doCreateConnectionProvider(client(), ByteArrayCodec.INSTANCE);
				this.raw = raw;
			}
			return raw;
		}
	}

	@Override
	protected LettuceConnectionProvider doCreateConnectionProvider(AbstractRedisClient client, RedisCodec<?, ?> codec) {
		return this.managed.inFrontOf(super.doCreateConnectionProvider(client, codec), client);
	}

	private void applyCommandTimeouts(AbstractRedisClient client) {
		if (!this.timeoutsPerCommand) {
			return;
		}
		ClientOptions options = client.getOptions();
		TimeoutOptions timeouts = TimeoutOptions.builder()
			.timeoutSource(new CommandTimeouts(this.commandTimeout))
			.relaxedTimeoutsDuringMaintenance(options.getTimeoutOptions().getRelaxedTimeout())
			.build();
		if (client instanceof RedisClusterClient cluster && options instanceof ClusterClientOptions clusterOptions) {
			cluster.setOptions(clusterOptions.mutate().timeoutOptions(timeouts).build());
		}
		else if (client instanceof RedisClient redis) {
			redis.setOptions(options.mutate().timeoutOptions(timeouts).build());
		}
	}

	@Override
	protected LettuceConnection doCreateLettuceConnection(
			@Nullable StatefulRedisConnection<byte[], byte[]> sharedConnection,
			LettuceConnectionProvider connectionProvider, long timeout, int database) {
		return super.doCreateLettuceConnection(sharedConnection, connectionProvider,
				this.timeoutsPerCommand ? 0 : timeout, database);
	}

	@Override
	protected LettuceClusterConnection doCreateLettuceClusterConnection(
			@Nullable StatefulRedisClusterConnection<byte[], byte[]> sharedConnection,
			LettuceConnectionProvider connectionProvider, ClusterTopologyProvider topologyProvider,
			ClusterCommandExecutor clusterCommandExecutor, Duration timeout) {
		return super.doCreateLettuceClusterConnection(sharedConnection, connectionProvider, topologyProvider,
				clusterCommandExecutor, this.timeoutsPerCommand ? Duration.ZERO : timeout);
	}

	@Override
	protected @Nullable StatefulRedisConnection<byte[], byte[]> getSharedConnection() {
		StatefulRedisConnection<byte[], byte[]> shared = super.getSharedConnection();
		this.shared = shared;
		return shared;
	}

	@Override
	protected @Nullable StatefulRedisClusterConnection<byte[], byte[]> getSharedClusterConnection() {
		StatefulRedisClusterConnection<byte[], byte[]> shared = super.getSharedClusterConnection();
		this.shared = shared;
		return shared;
	}

	@Override
	public LettuceClientConfiguration getClientConfiguration() {
		return this.original.getClientConfiguration();
	}

	@Override
	public RedisStandaloneConfiguration getStandaloneConfiguration() {
		return this.original.getStandaloneConfiguration();
	}

	@Override
	public String getHostName() {
		return this.original.getHostName();
	}

	@Override
	public int getPort() {
		return this.original.getPort();
	}

	@Override
	public int getDatabase() {
		return this.original.getDatabase();
	}

	@Override
	public @Nullable String getPassword() {
		return this.original.getPassword();
	}

}
