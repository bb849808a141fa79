package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * The network drops everything for a while.
 */
final class SilentNetworkCut extends FaultScenario<RabbitGround> {

	SilentNetworkCut() {
		super("packets dropped in silence for 15 s", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.publish());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.network().drop();
			trial.pass(Duration.ofSeconds(15));
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(90));
	}

}
