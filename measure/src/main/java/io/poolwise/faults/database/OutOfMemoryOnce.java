package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * An error in a connect costs that connect only.
 */
final class OutOfMemoryOnce extends FaultScenario<PostgresGround> {

	OutOfMemoryOnce() {
		super("an OutOfMemoryError in 2 connects, while the pool grows", PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.with("spring.datasource.driver-class-name=" + FailingDriver.class.getName());
		trial.start(1, "spring.datasource.hikari.minimum-idle=1");
		trial.callers(1, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			FailingDriver.fail(ground.url(), 2);
			trial.callers(8, ground.lasting(0.09));
			trial.pass(Duration.ofSeconds(4));
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
