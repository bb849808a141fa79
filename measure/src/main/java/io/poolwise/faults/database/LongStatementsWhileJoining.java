package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Somebody comes while connections are busy for long.
 */
final class LongStatementsWhileJoining extends FaultScenario<DatabaseGround> {

	LongStatementsWhileJoining() {
		super("one instance is full of 8 s statements, another one starts", PostgresGround::start,
				MariaDbGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		Instance busy = trial.start(1).get(0);
		busy.callers(10, Duration.ZERO, ground.lasting(8));
		trial.pass(Duration.ofSeconds(3));
		trial.fault(() -> {
			trial.start(1).get(0).callers(6, Trial.PACE, ground.brief());
			trial.pass(Duration.ofSeconds(6));
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
