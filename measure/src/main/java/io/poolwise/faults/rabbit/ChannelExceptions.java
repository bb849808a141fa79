package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * Channels end with an exception.
 */
final class ChannelExceptions extends FaultScenario<RabbitGround> {

	ChannelExceptions() {
		super("callers publish to an exchange that does not exist, for 4 s", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.publish());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.callers(2, (beans) -> beans.rabbit().convertAndSend("nowhere", "items", "an item"));
			trial.pass(Duration.ofSeconds(4));
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
