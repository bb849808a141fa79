package io.poolwise.pool.rabbit;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

import com.rabbitmq.client.AddressResolver;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.RecoveryListener;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionNameStrategy;
import org.springframework.util.backoff.BackOff;

/**
 * A caching connection factory that leaves connecting to another one: what it is told
 * about that, it passes on.
 */
abstract class ForwardingConnectionFactory extends CachingConnectionFactory {

	// null while the super class is being constructed
	private final @Nullable CachingConnectionFactory origin;

	ForwardingConnectionFactory(GatedClientFactory client, CachingConnectionFactory origin) {
		super(client);
		this.origin = origin;
	}

	final CachingConnectionFactory origin() {
		if (this.origin == null) {
			throw new IllegalStateException("not constructed yet");
		}
		return this.origin;
	}

	@Override
	public ConnectionFactory getRabbitConnectionFactory() {
		return (this.origin != null) ? this.origin.getRabbitConnectionFactory() : super.getRabbitConnectionFactory();
	}

	@Override
	public String getUsername() {
		return origin().getUsername();
	}

	@Override
	public void setUsername(String username) {
		origin().setUsername(username);
	}

	@Override
	public void setPassword(String password) {
		origin().setPassword(password);
	}

	@Override
	public @Nullable String getHost() {
		return origin().getHost();
	}

	@Override
	public void setHost(String host) {
		origin().setHost(host);
	}

	@Override
	public int getPort() {
		return origin().getPort();
	}

	@Override
	public void setPort(int port) {
		origin().setPort(port);
	}

	@Override
	public String getVirtualHost() {
		return origin().getVirtualHost();
	}

	@Override
	public void setVirtualHost(String virtualHost) {
		origin().setVirtualHost(virtualHost);
	}

	@Override
	public void setUri(URI uri) {
		origin().setUri(uri);
	}

	@Override
	public void setUri(String uri) {
		origin().setUri(uri);
	}

	@Override
	public void setAddresses(List<String> addresses) {
		origin().setAddresses(addresses);
	}

	@Override
	public void setAddresses(String addresses) {
		origin().setAddresses(addresses);
	}

	@Override
	public void setAddressResolver(AddressResolver addressResolver) {
		origin().setAddressResolver(addressResolver);
	}

	@Override
	public void setAddressShuffleMode(AddressShuffleMode addressShuffleMode) {
		origin().setAddressShuffleMode(addressShuffleMode);
	}

	@Override
	public void setConnectionNameStrategy(ConnectionNameStrategy connectionNameStrategy) {
		origin().setConnectionNameStrategy(connectionNameStrategy);
	}

	@Override
	public void setConnectionThreadFactory(ThreadFactory threadFactory) {
		origin().setConnectionThreadFactory(threadFactory);
	}

	@Override
	public void setRequestedHeartBeat(int requestedHeartBeat) {
		origin().setRequestedHeartBeat(requestedHeartBeat);
	}

	@Override
	public void setConnectionTimeout(int connectionTimeout) {
		origin().setConnectionTimeout(connectionTimeout);
	}

	@Override
	public void setRecoveryListener(RecoveryListener recoveryListener) {
		origin().setRecoveryListener(recoveryListener);
	}

	@Override
	public void setConnectionCreatingBackOff(@Nullable BackOff backOff) {
		super.setConnectionCreatingBackOff(backOff);
		origin().setConnectionCreatingBackOff(backOff);
	}

	// for the connection's threads and for those of publisher callbacks
	@Override
	public void setExecutor(Executor executor) {
		super.setExecutor(executor);
		origin().setExecutor(executor);
	}

	@Override
	public void setCloseTimeout(int closeTimeout) {
		super.setCloseTimeout(closeTimeout);
		origin().setCloseTimeout(closeTimeout);
	}

}
