package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The server grants less than what is open.
 */
final class ConnectionLimitLowered extends FaultScenario<DatabaseGround> {

	ConnectionLimitLowered() {
		super("the limit of connections falls to 5 while 10 are open, for 5 s", PostgresGround::start,
				MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		boolean postgres = ground instanceof PostgresGround;
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.execute(postgres ? "ALTER ROLE app CONNECTION LIMIT 5" : "SET GLOBAL max_connections = 10");
			ground.terminate(3);
			trial.pass(Duration.ofSeconds(5));
			ground.execute(postgres ? "ALTER ROLE app CONNECTION LIMIT -1" : "SET GLOBAL max_connections = 100");
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
