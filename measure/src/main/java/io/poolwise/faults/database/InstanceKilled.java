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
 * An instance dies, the other has to go on.
 */
final class InstanceKilled extends FaultScenario<DatabaseGround> {

	InstanceKilled() {
		super("one of two instances gets kill -9", PostgresGround::start, MariaDbGround::start);
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
		trial.fault(() -> ((ProcessInstance) instances.get(0)).kill());
		trial.settle(Duration.ofSeconds(40));
	}

}
