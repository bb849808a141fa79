package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * The application starts before its server.
 */
final class ServerDownAtStart extends FaultScenario<RabbitGround> {

	ServerDownAtStart() {
		super("node down at the start of the application, up after 10 s", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		ground.process().kill();
		trial.start(1);
		trial.callers(4, ground.publish());
		trial.fault(() -> {
			trial.pass(Duration.ofSeconds(10));
			ground.process().restart();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
