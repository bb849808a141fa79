package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Readers that pause within a transaction, with a cursor open.
 */
final class PausedCursor extends FaultScenario<DatabaseGround> {

	PausedCursor() {
		super("readers pause 15 s between two fetches of a cursor", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.start(1);
		trial.callers(4, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.carry(2, (beans) -> {
				try (Connection connection = beans.connection(); Statement statement = connection.createStatement()) {
					connection.setAutoCommit(false);
					statement.setFetchSize(1000);
					try (ResultSet rows = statement.executeQuery("SELECT n FROM generate_series(1, 10000) n")) {
						while (rows.next()) {
							if (rows.getRow() == 1500) {
								TimeUnit.SECONDS.sleep(15);
							}
						}
					}
					connection.commit();
				}
			});
			trial.pass(Duration.ofSeconds(15));
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
