package io.poolwise.faults.rabbit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * Callers that take turns on one connection.
 */
final class OneConnection extends FaultScenario<RabbitGround> {

	OneConnection() {
		super("cache mode CONNECTION with one connection, and 3 callers", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		ground.with("spring.rabbitmq.cache.connection.mode=connection", "spring.rabbitmq.cache.connection.size=1",
				"spring.rabbitmq.cache.channel.checkout-timeout=5s");
		trial.start(1);
		trial.fault(() -> {
			trial.callers(3, (beans) -> beans.rabbit().execute((channel) -> {
				TimeUnit.MILLISECONDS.sleep(30);
				return channel.isOpen();
			}));
			trial.pass(Duration.ofSeconds(6));
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
