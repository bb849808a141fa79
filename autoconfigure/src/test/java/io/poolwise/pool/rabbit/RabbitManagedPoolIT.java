package io.poolwise.pool.rabbit;

import java.time.Duration;

import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;

/**
 * The pool's contract on a real RabbitMQ, without confirms.
 */
class RabbitManagedPoolIT extends AbstractManagedPoolTests {

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) {
		return new GovernedRabbit(size, acquireTimeout, (factory) -> {
		});
	}

}
