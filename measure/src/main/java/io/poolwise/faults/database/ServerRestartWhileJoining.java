package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The server dies while one instance works and another one joins.
 */
final class ServerRestartWhileJoining extends FaultScenario<DatabaseGround> {

	ServerRestartWhileJoining() {
		super("server killed while a second instance joins, down for 1 s", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			Thread restart = new Thread(() -> {
				trial.pass(Duration.ofMillis(500));
				ground.crash(Duration.ofSeconds(1));
			});
			restart.start();
			Instance second = trial.start(1).get(0);
			second.callers(8, Trial.PACE, ground.brief());
			restart.join();
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
