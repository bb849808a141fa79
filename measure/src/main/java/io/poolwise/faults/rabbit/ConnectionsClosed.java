package io.poolwise.faults.rabbit;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RabbitGround;
import io.poolwise.faults.Trial;

/**
 * Shared connections end.
 */
final class ConnectionsClosed extends FaultScenario<RabbitGround> {

	ConnectionsClosed() {
		super("an operator closes all connections, twice", RabbitGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, RabbitGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.publish());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.process().ctl("close_all_connections", "by the operator");
			trial.pass(Duration.ofSeconds(2));
			ground.process().ctl("close_all_connections", "by the operator");
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
