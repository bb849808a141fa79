package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Single sessions end.
 */
final class SessionsTerminated extends FaultScenario<DatabaseGround> {

	SessionsTerminated() {
		super("an operator ends 3 sessions, each second for 3 s", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			for (int i = 0; i < 3; i++) {
				ground.terminate(3);
				trial.pass(Duration.ofSeconds(1));
			}
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
