package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.Trial;

/**
 * A server changes its role: what only reads goes on.
 */
final class ReadOnlyFlip extends FaultScenario<DatabaseGround> {

	ReadOnlyFlip() {
		super("SET GLOBAL read_only while SELECTs run, for 5 s", MariaDbGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.carry(2, ground.lasting(10));
		trial.pass(Duration.ofSeconds(1));
		trial.fault(() -> {
			ground.execute("SET GLOBAL read_only = 1");
			trial.pass(Duration.ofSeconds(5));
			ground.execute("SET GLOBAL read_only = 0");
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
