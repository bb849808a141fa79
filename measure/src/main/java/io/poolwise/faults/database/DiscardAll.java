package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Sessions give back all their locks.
 */
final class DiscardAll extends FaultScenario<PostgresGround> {

	DiscardAll() {
		super("callers reset their sessions by DISCARD ALL, 5 s", PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.callers(2, (beans) -> {
				try (Connection connection = beans.connection(); Statement statement = connection.createStatement()) {
					statement.execute("DISCARD ALL");
				}
			});
			trial.pass(Duration.ofSeconds(5));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
