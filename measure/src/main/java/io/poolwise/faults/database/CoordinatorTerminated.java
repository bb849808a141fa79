package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Coordinators end, which costs callers nothing.
 */
final class CoordinatorTerminated extends FaultScenario<PostgresGround> {

	CoordinatorTerminated() {
		super("the sessions that announce something are ended, 5 times", PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.carry(2, ground.lasting(8));
		trial.pass(Duration.ofSeconds(1));
		trial.fault(() -> {
			for (int i = 0; i < 5; i++) {
				ground.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
						+ " WHERE application_name LIKE 'poolwise%'");
				trial.pass(Duration.ofSeconds(1));
			}
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
