package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Many come at once, slowly, while somebody has everything.
 */
final class SlowNetworkEightStart extends FaultScenario<DatabaseGround> {

	SlowNetworkEightStart() {
		super("8 instances start at once 150 ms away from the server, one has the load", PostgresGround::start);
	}

	@Override
	public int instances() {
		return 9;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		ground.proxy().delay(Duration.ofMillis(75));
		Instance hot = trial.start(1).get(0);
		hot.callers(40, Duration.ZERO, ground.lasting(0.05));
		trial.pass(Duration.ofSeconds(3));
		trial.fault(() -> trial.start(8).forEach((instance) -> instance.callers(2, Trial.PACE, ground.brief())));
		trial.pass(Duration.ofSeconds(8));
		trial.settle(Duration.ofSeconds(60));
	}

}
