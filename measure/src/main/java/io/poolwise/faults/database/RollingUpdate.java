package io.poolwise.faults.database;

import java.time.Duration;
import java.util.List;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A rolling update.
 */
final class RollingUpdate extends FaultScenario<DatabaseGround> {

	RollingUpdate() {
		super("2 instances under load are replaced, one after the other", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		List<Instance> old = trial.start(2);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			for (Instance leaving : old) {
				trial.start(1).get(0).callers(6, Trial.PACE, ground.brief());
				leaving.stopCallers();
				leaving.close();
			}
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
