package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A narrow budget is its owner's.
 */
final class NarrowNeighbourByKey extends FaultScenario<PostgresGround> {

	NarrowNeighbourByKey() {
		super("an instance with budget.limit=6 starts beside a busy one", PostgresGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.execute("CREATE DATABASE second");
		Instance busy = trial.start(1, "spring.datasource.hikari.maximum-pool-size=20").get(0);
		busy.callers(20, Duration.ZERO, ground.lasting(0.05));
		trial.pass(Duration.ofSeconds(4));
		trial.fault(() -> {
			trial.start(1, "pool.database.budget.limit=6", "spring.datasource.hikari.maximum-pool-size=4");
			trial.pass(Duration.ofSeconds(12));
		});
		trial.settle(Duration.ofSeconds(10));
	}

}
