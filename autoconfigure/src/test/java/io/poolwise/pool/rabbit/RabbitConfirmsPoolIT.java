package io.poolwise.pool.rabbit;

import java.time.Duration;

import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;

/**
 * The pool's contract on a real RabbitMQ, with correlated confirms and returns.
 */
class RabbitConfirmsPoolIT extends AbstractManagedPoolTests {

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) {
		return new GovernedRabbit(size, acquireTimeout, RabbitConfirmsPoolIT::configure);
	}

	private static void configure(CachingConnectionFactory factory) {
		factory.setPublisherConfirmType(ConfirmType.CORRELATED);
		factory.setPublisherReturns(true);
	}

}
