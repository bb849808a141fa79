package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The server dies under load, and comes back.
 */
final class ServerCrash extends FaultScenario<DatabaseGround> {

	ServerCrash() {
		super("server killed under load, down for 1 s", PostgresGround::start, MariaDbGround::start);
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
		trial.fault(() -> ground.crash(Duration.ofSeconds(1)));
		trial.settle(Duration.ofSeconds(40));
	}

}
