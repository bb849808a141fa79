package io.poolwise.faults.database;

import java.time.Duration;
import java.util.List;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.ProcessInstance;
import io.poolwise.faults.Trial;

/**
 * One of two instances stands still, the other has to go on.
 */
final class FrozenInstance extends FaultScenario<DatabaseGround> {

	FrozenInstance() {
		super("one of two JVMs is frozen for 15 s", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		List<Instance> instances = trial.startProcesses(2);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.carry(2, ground.lasting(18));
		trial.pass(Duration.ofSeconds(1));
		trial.fault(() -> {
			((ProcessInstance) instances.get(0)).freeze();
			trial.pass(Duration.ofSeconds(15));
			((ProcessInstance) instances.get(0)).thaw();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
