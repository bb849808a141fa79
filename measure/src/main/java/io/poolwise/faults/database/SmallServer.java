package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * More instances than the server has connections for.
 */
final class SmallServer extends FaultScenario<DatabaseGround> {

	SmallServer() {
		super("4 instances with 8 callers each on a server for 25",
				() -> PostgresGround.start((builder) -> builder.maxConnections(28)));
	}

	@Override
	public int instances() {
		return 4;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.fault(() -> {
			trial.start(4);
			trial.callers(8, ground.lasting(0.02));
			trial.pass(Duration.ofSeconds(8));
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
