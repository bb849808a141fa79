package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The server dies while pools are filled.
 */
final class ServerRestartWhileStarting extends FaultScenario<DatabaseGround> {

	ServerRestartWhileStarting() {
		super("server killed while an instance starts, down for 2 s", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.fault(() -> {
			Thread restart = new Thread(() -> {
				trial.pass(Duration.ofMillis(800));
				ground.crash(Duration.ofSeconds(2));
			});
			restart.start();
			trial.start(1, "spring.datasource.hikari.minimum-idle=10");
			restart.join();
		});
		trial.callers(8, ground.brief());
		trial.settle(Duration.ofSeconds(40));
	}

}
