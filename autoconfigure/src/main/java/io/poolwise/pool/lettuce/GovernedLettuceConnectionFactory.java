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
import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.ClusterCommandExecutor;
import org.springframework.data.redis.connection.ClusterTopologyProvider;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClusterConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnection.PipeliningFlushPolicy;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * A {@link LettuceConnectionFactory} whose connections of every type come from one pool
 * with one bound that can be resized truthfully. Takes the place of another factory,
 * which goes on to make the client and the connections' wrappers: address, credentials,
 * TLS, options, resources and the pipelining flush policy are that factory's own, and
 * what is set here is set there. Class-based proxies may be put around it.
 */
public class GovernedLettuceConnectionFactory extends LettuceConnectionFactory {

	private final LettuceConnectionFactory original;

	private final OriginalFactory hooks;

	private final LettuceManagedPool managed;

	private final boolean timeoutsPerCommand;

	private volatile Duration commandTimeout;

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
		// of the address, the original alone is asked
		super(new RedisStandaloneConfiguration(), new UnpooledClientConfiguration(original.getClientConfiguration()));
		this.original = original;
		this.hooks = new OriginalFactory(original);
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
	 * of.
	 * @param factory the factory, not in use yet
	 * @return {@code null} if it can, else why not
	 */
	public static @Nullable String whyNotReplaceable(LettuceConnectionFactory factory) {
		if (factory.getClass() != LettuceConnectionFactory.class) {
			return "it is a " + factory.getClass().getSimpleName() + ", which only its own class can replace";
		}
		return OriginalFactory.isOpen() ? null : "Spring Data Redis is a module that isn't open to it";
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
		}
		this.original.stop();
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
				raw = this.hooks.connectionProvider(client(), ByteArrayCodec.INSTANCE);
				this.raw = raw;
			}
			return raw;
		}
	}

	@Override
	protected LettuceConnectionProvider doCreateConnectionProvider(AbstractRedisClient client, RedisCodec<?, ?> codec) {
		return this.managed.inFrontOf(this.hooks.connectionProvider(client, codec), client);
	}

	private void applyCommandTimeouts(AbstractRedisClient client) {
		if (!this.timeoutsPerCommand) {
			return;
		}
		ClientOptions options = client.getOptions();
		TimeoutOptions timeouts = TimeoutOptions.builder()
			.timeoutSource(new CommandTimeouts(() -> this.commandTimeout))
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
		return this.hooks.connection(sharedConnection, connectionProvider, this.timeoutsPerCommand ? 0 : timeout,
				database);
	}

	@Override
	protected LettuceClusterConnection doCreateLettuceClusterConnection(
			@Nullable StatefulRedisClusterConnection<byte[], byte[]> sharedConnection,
			LettuceConnectionProvider connectionProvider, ClusterTopologyProvider topologyProvider,
			ClusterCommandExecutor clusterCommandExecutor, Duration timeout) {
		return this.hooks.clusterConnection(sharedConnection, connectionProvider, topologyProvider,
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
	public @Nullable RedisSocketConfiguration getSocketConfiguration() {
		return this.original.getSocketConfiguration();
	}

	@Override
	public @Nullable RedisSentinelConfiguration getSentinelConfiguration() {
		return this.original.getSentinelConfiguration();
	}

	@Override
	public @Nullable RedisClusterConfiguration getClusterConfiguration() {
		return this.original.getClusterConfiguration();
	}

	@Override
	public boolean isRedisSentinelAware() {
		return this.original.isRedisSentinelAware();
	}

	@Override
	public boolean isClusterAware() {
		return this.original.isClusterAware();
	}

	@Override
	public String getHostName() {
		return this.original.getHostName();
	}

	@Override
	@Deprecated
	public void setHostName(String hostName) {
		this.original.setHostName(hostName);
	}

	@Override
	public int getPort() {
		return this.original.getPort();
	}

	@Override
	@Deprecated
	public void setPort(int port) {
		this.original.setPort(port);
	}

	@Override
	public int getDatabase() {
		return this.original.getDatabase();
	}

	@Override
	@Deprecated
	public void setDatabase(int index) {
		this.original.setDatabase(index);
	}

	@Override
	public @Nullable String getPassword() {
		return this.original.getPassword();
	}

	@Override
	@Deprecated
	public void setPassword(String password) {
		this.original.setPassword(password);
	}

	@Override
	@Deprecated
	public void setTimeout(long timeout) {
		this.original.setTimeout(timeout);
		this.commandTimeout = Duration.ofMillis(timeout);
	}

	@Override
	@Deprecated
	public void setUseSsl(boolean useSsl) {
		this.original.setUseSsl(useSsl);
	}

	@Override
	@Deprecated
	public void setVerifyPeer(boolean verifyPeer) {
		this.original.setVerifyPeer(verifyPeer);
	}

	@Override
	@Deprecated
	public void setStartTls(boolean startTls) {
		this.original.setStartTls(startTls);
	}

	@Override
	@Deprecated
	public void setClientName(@Nullable String clientName) {
		this.original.setClientName(clientName);
	}

	@Override
	@Deprecated
	public void setShutdownTimeout(long shutdownTimeout) {
		this.original.setShutdownTimeout(shutdownTimeout);
	}

	@Override
	@Deprecated
	public void setClientResources(ClientResources clientResources) {
		this.original.setClientResources(clientResources);
	}

	@Override
	public void setPipeliningFlushPolicy(PipeliningFlushPolicy pipeliningFlushPolicy) {
		this.original.setPipeliningFlushPolicy(pipeliningFlushPolicy);
	}

}
