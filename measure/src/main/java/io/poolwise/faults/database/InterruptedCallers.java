package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.LocalInstance;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Interrupted threads borrow, wait and give back.
 */
final class InterruptedCallers extends FaultScenario<DatabaseGround> {

	InterruptedCallers() {
		super("callers are interrupted 10 times in 3 s, with too few connections for them", PostgresGround::start,
				MariaDbGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		LocalInstance instance = (LocalInstance) trial.start(1, "spring.datasource.hikari.maximum-pool-size=4").get(0);
		trial.callers(8, ground.lasting(0.09));
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			for (int i = 0; i < 10; i++) {
				instance.interruptCallers();
				trial.pass(Duration.ofMillis(300));
			}
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
