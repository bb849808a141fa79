package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.ProcessInstance;
import io.poolwise.faults.Trial;

/**
 * A JVM that stands still for a while, as in a long collection or a paused machine.
 */
final class FrozenReader extends FaultScenario<DatabaseGround> {

	FrozenReader() {
		super("JVM frozen for 15 s while it reads a large result", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		ProcessInstance instance = (ProcessInstance) trial.startProcesses(1).get(0);
		trial.callers(4, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.carry(1, (ground instanceof PostgresGround) ? PausedCopy.reading(3) : PausedStream.reading(3));
			trial.pass(Duration.ofSeconds(1));
			instance.freeze();
			trial.pass(Duration.ofSeconds(15));
			instance.thaw();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
