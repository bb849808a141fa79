package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The application starts before its server.
 */
final class ServerDownAtStart extends FaultScenario<DatabaseGround> {

	ServerDownAtStart() {
		super("server down at the start of the application, up after 20 s", PostgresGround::start,
				MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		ground.process().kill();
		trial.start(1);
		trial.callers(4, ground.brief());
		trial.fault(() -> {
			trial.pass(Duration.ofSeconds(20));
			ground.process().restart();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
