package io.poolwise.pool.rabbit;

import java.time.Duration;

import io.poolwise.pool.AbstractManagedPoolTests;
import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.PoolFixture;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pool's contract on a real RabbitMQ, without confirms.
 */
class RabbitManagedPoolIT extends AbstractManagedPoolTests {

	@Test
	void warmUpOpensTheConnection() throws Exception {
		try (PoolFixture fixture = createPool(PoolSize.of(0, 2), Duration.ofSeconds(5))) {
			assertThat(fixture.pool().missing()).isEqualTo(1);
			fixture.pool().warmUp(new ConnectPace(Duration.ZERO, System::nanoTime, () -> 0));
			assertThat(fixture.pool().missing()).isZero();
			assertThat(((GovernedRabbit) fixture).factory().getCacheProperties().getProperty("localPort"))
				.isNotEqualTo("0");
		}
	}

	@Override
	protected PoolFixture createPool(PoolSize size, Duration acquireTimeout) {
		return new GovernedRabbit(size, acquireTimeout, (factory) -> {
		});
	}

}
