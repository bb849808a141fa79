package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * The node dies under load, and comes back.
 */
final class ServerCrash extends FaultScenario<RabbitGround> {

	ServerCrash() {
		super("node killed under load, and started again", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.publish());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.crash(Duration.ofSeconds(1)));
		trial.settle(Duration.ofSeconds(60));
	}

}
