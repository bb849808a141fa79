package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A migration tool opens connections of its own.
 */
final class FlywayOwnUser extends FaultScenario<PostgresGround> {

	FlywayOwnUser() {
		super("Flyway migrates with a user of its own at the start, then 12 callers come", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.execute("CREATE ROLE migrator SUPERUSER LOGIN PASSWORD 'migrator'");
		trial.start(1, "spring.flyway.enabled=true", "spring.flyway.user=migrator", "spring.flyway.password=migrator",
				"spring.flyway.locations=classpath:faults/migration", "spring.flyway.baseline-on-migrate=true");
		trial.fault(() -> {
			trial.callers(12, ground.lasting(0.05));
			trial.pass(Duration.ofSeconds(8));
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
