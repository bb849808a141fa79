package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Nobody new gets in, with an answer.
 */
final class PasswordRotated extends FaultScenario<DatabaseGround> {

	PasswordRotated() {
		super("the role has another password for 5 s, and 3 sessions end", PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		boolean postgres = ground instanceof PostgresGround;
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.execute(postgres ? "ALTER ROLE app PASSWORD 'new'" : "ALTER USER app IDENTIFIED BY 'new'");
			ground.terminate(3);
			trial.pass(Duration.ofSeconds(5));
			ground.execute(postgres ? "ALTER ROLE app PASSWORD 'app'" : "ALTER USER app IDENTIFIED BY 'app'");
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
