package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * What has to close dead connections may not wait for them where callers do.
 */
final class ShrinkWithDeadSockets extends FaultScenario<PostgresGround> {

	ShrinkWithDeadSockets() {
		super("another instance starts while 7 connections of the busy one are dead",
				() -> PostgresGround.start((builder) -> builder.maxConnections(28)));
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(20, ground.lasting(0.2));
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.network().dropConnections(ground.clients(7));
			trial.start(1).get(0).callers(10, Trial.PACE, ground.lasting(0.2));
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
