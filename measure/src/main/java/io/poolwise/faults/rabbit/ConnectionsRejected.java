package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * A firewall resets whatever clients send.
 */
final class ConnectionsRejected extends FaultScenario<RabbitGround> {

	ConnectionsRejected() {
		super("everything that clients send is answered by a reset, 3 s", RabbitGround::start);
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.publish());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.network().reject();
			trial.pass(Duration.ofSeconds(3));
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
