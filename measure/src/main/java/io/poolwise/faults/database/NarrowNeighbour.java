package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A narrow limit is its owner's.
 */
final class NarrowNeighbour extends FaultScenario<PostgresGround> {

	NarrowNeighbour() {
		super("an instance whose role may open 6 connections starts beside a busy one", PostgresGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.execute("CREATE ROLE appnarrow LOGIN PASSWORD 'app' CONNECTION LIMIT 6");
		Instance busy = trial.start(1, "spring.datasource.hikari.maximum-pool-size=20").get(0);
		busy.callers(20, Duration.ZERO, ground.lasting(0.05));
		trial.pass(Duration.ofSeconds(4));
		trial.fault(() -> {
			trial.start(1, "spring.datasource.username=appnarrow", "spring.datasource.hikari.maximum-pool-size=4");
			trial.pass(Duration.ofSeconds(12));
		});
		trial.settle(Duration.ofSeconds(10));
	}

}
