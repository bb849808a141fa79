package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The server is restarted in the order of a fast shutdown.
 */
final class ServerRestart extends FaultScenario<DatabaseGround> {

	ServerRestart() {
		super("server restarted in good order under load", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.process().restart());
		trial.settle(Duration.ofSeconds(40));
	}

}
