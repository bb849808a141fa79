package io.poolwise.pool.rabbit;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.util.ReflectionUtils;

/**
 * Spring AMQP's permits for channels, one semaphore a connection. They are made with the
 * first connection and kept for the life of the factory, and no method sets them. What is
 * relied on of {@link CachingConnectionFactory} beyond its documentation is all in this
 * class: {@code ChannelLimitIT} fails if it changes.
 */
final class CheckoutPermits {

	private final CachingConnectionFactory factory;

	private final @Nullable Field field;

	CheckoutPermits(CachingConnectionFactory factory) {
		this.factory = factory;
		this.field = ReflectionUtils.findField(CachingConnectionFactory.class, "checkoutPermits", Map.class);
		if (this.field != null) {
			this.field.setAccessible(true);
		}
	}

	/**
	 * Whether this version of Spring AMQP lets them be read.
	 */
	boolean isKnown() {
		return this.field != null;
	}

	/**
	 * Adds permits. Those who wait are served at once.
	 * @param connection an open connection
	 * @param permits how many, at least 0
	 */
	void add(Connection connection, int permits) {
		Semaphore semaphore = of(connection);
		if (semaphore != null) {
			semaphore.release(permits);
		}
	}

	/**
	 * Takes a permit away, if there is one.
	 * @param connection an open connection
	 * @return whether there was one
	 */
	boolean takeOne(Connection connection) {
		Semaphore semaphore = of(connection);
		return semaphore != null && semaphore.tryAcquire();
	}

	/**
	 * How many channels can be borrowed of a connection beside those in use.
	 * @param connection an open connection
	 * @return permits, at least 0
	 */
	int available(Connection connection) {
		Semaphore semaphore = of(connection);
		return (semaphore != null) ? semaphore.availablePermits() : 0;
	}

	/** The publisher factory has permits of its own. */
	private @Nullable Semaphore of(Connection connection) {
		Field field = this.field;
		if (field == null) {
			return null;
		}
		return Stream.of(this.factory, this.factory.getPublisherConnectionFactory())
			.map((each) -> (each != null && ReflectionUtils.getField(field, each) instanceof Map<?, ?> permits)
					? permits.get(connection) : null)
			.filter(Semaphore.class::isInstance)
			.map(Semaphore.class::cast)
			.findFirst()
			.orElse(null);
	}

}
