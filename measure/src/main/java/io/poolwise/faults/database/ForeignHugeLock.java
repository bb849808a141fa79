package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Locks of others are input, not truth.
 */
final class ForeignHugeLock extends FaultScenario<PostgresGround> {

	ForeignHugeLock() {
		super("another program takes locks of every class in use, with huge numbers", PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(3));
		trial.fault(() -> {
			ground.execute("CREATE ROLE other LOGIN PASSWORD 'other'");
			Connection other = ground.also(ground.connect("other", "other"));
			try (Statement statement = other.createStatement()) {
				statement
					.execute("SELECT pg_advisory_lock(classid::int, 2147483647), pg_advisory_lock(classid::int, -1)"
							+ " FROM (SELECT DISTINCT classid FROM pg_locks WHERE locktype = 'advisory'"
							+ " AND classid < 2147483648) classes");
			}
			ground.terminate(3);
			trial.pass(Duration.ofSeconds(6));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
