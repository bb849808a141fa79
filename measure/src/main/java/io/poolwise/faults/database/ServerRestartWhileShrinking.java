package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * The server dies while slots pass from one instance to another.
 */
final class ServerRestartWhileShrinking extends FaultScenario<DatabaseGround> {

	ServerRestartWhileShrinking() {
		super("server killed while one of two hot instances stops",
				() -> PostgresGround.start((builder) -> builder.maxConnections(30)));
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		Instance leaving = trial.start(1).get(0);
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			leaving.stopCallers();
			Thread close = new Thread(leaving::close);
			close.start();
			ground.crash(Duration.ofSeconds(1));
			close.join(60_000);
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
