package io.poolwise.pool.rabbit;

import java.time.Duration;

import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.CacheMode;

/**
 * The pool's contract on a real RabbitMQ, with a connection for each borrower: the limit
 * holds over all of them.
 */
class RabbitConnectionsPoolIT extends AbstractManagedPoolTests {

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) {
		return new GovernedRabbit(size, acquireTimeout, RabbitConnectionsPoolIT::configure);
	}

	private static void configure(CachingConnectionFactory factory) {
		factory.setCacheMode(CacheMode.CONNECTION);
		factory.setConnectionCacheSize(10);
	}

}
