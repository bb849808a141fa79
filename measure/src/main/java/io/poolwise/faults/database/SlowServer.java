package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.faults.Work;

/**
 * Statements pile up, and callers with them.
 */
final class SlowServer extends FaultScenario<PostgresGround> {

	SlowServer() {
		super("locks hold up all statements for 6 s", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		Work write = (beans) -> beans.jdbc().update("UPDATE item SET name = 'y' WHERE id = 1");
		trial.callers(12, write);
		trial.callers(4, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			try (Connection connection = ground.connect("postgres", "postgres");
					Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("LOCK TABLE item");
				trial.pass(Duration.ofSeconds(6));
				connection.commit();
			}
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
