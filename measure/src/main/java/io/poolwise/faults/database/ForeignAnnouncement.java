package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Names of others are input, not truth.
 */
final class ForeignAnnouncement extends FaultScenario<PostgresGround> {

	ForeignAnnouncement() {
		super("another program announces what an instance does, with 3 slots and locks of its kind",
				PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(12, ground.lasting(0.05));
		trial.pass(Duration.ofSeconds(3));
		trial.fault(() -> {
			ground.execute("CREATE ROLE other LOGIN PASSWORD 'other'");
			Connection other = ground.also(ground.connect("other", "other"));
			try (Statement statement = other.createStatement()) {
				statement.execute("SELECT pg_try_advisory_lock(classid::int, (objid::bigint % 1000000)::int + 1000)"
						+ " FROM pg_locks WHERE locktype = 'advisory' AND classid < 2147483648 AND pid IN (SELECT pid"
						+ " FROM pg_stat_activity WHERE application_name LIKE 'poolwise%')");
				statement
					.execute("SELECT set_config('application_name', coalesce((SELECT regexp_replace(application_name,"
							+ " '^(poolwise\\d+ \\w+) \\w+ \\w+(.*)$', '\\1 abc 3\\2') FROM pg_stat_activity"
							+ " WHERE application_name LIKE 'poolwise%' LIMIT 1), 'other'), false)");
			}
			trial.pass(Duration.ofSeconds(8));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
