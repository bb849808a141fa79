package io.poolwise.pool.rabbit;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;
import org.springframework.core.InfrastructureProxy;

/**
 * A governed connection factory as listener containers see it: the same connections, with
 * channels that take no permit from publishers. Spring's transactions and templates take
 * both for one factory.
 */
final class ListenerConnectionFactory implements ConnectionFactory, InfrastructureProxy {

	private final GovernedConnectionFactory factory;

	ListenerConnectionFactory(GovernedConnectionFactory factory) {
		this.factory = factory;
	}

	@Override
	public Connection createConnection() {
		return new ListenerConnection(this.factory, this.factory.createConnection());
	}

	@Override
	public Object getWrappedObject() {
		return this.factory;
	}

	@Override
	public @Nullable String getHost() {
		return this.factory.getHost();
	}

	@Override
	public int getPort() {
		return this.factory.getPort();
	}

	@Override
	public String getVirtualHost() {
		return this.factory.getVirtualHost();
	}

	@Override
	public String getUsername() {
		return this.factory.getUsername();
	}

	@Override
	public void addConnectionListener(ConnectionListener listener) {
		this.factory.addConnectionListener(listener);
	}

	@Override
	public boolean removeConnectionListener(ConnectionListener listener) {
		return this.factory.removeConnectionListener(listener);
	}

	@Override
	public void clearConnectionListeners() {
		this.factory.clearConnectionListeners();
	}

	@Override
	public @Nullable ConnectionFactory getPublisherConnectionFactory() {
		return this.factory.getPublisherConnectionFactory();
	}

	@Override
	public boolean isSimplePublisherConfirms() {
		return this.factory.isSimplePublisherConfirms();
	}

	@Override
	public boolean isPublisherConfirms() {
		return this.factory.isPublisherConfirms();
	}

	@Override
	public boolean isPublisherReturns() {
		return this.factory.isPublisherReturns();
	}

	@Override
	public void resetConnection() {
		this.factory.resetConnection();
	}

	/**
	 * Spring finds a consumer's channel by asking the factory that it was registered with
	 * whether it equals the template's.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return other == this || other == this.factory;
	}

	@Override
	public int hashCode() {
		return this.factory.hashCode();
	}

	@Override
	public String toString() {
		return this.factory + " for listeners";
	}

}
