package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * What a DBA sets for a role holds, and harms nothing.
 */
final class RoleTimeouts extends FaultScenario<PostgresGround> {

	RoleTimeouts() {
		super("the role has short idle_session_timeout, statement_timeout and lock_timeout", PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.execute("ALTER ROLE app SET idle_session_timeout = '700ms'");
		ground.execute("ALTER ROLE app SET statement_timeout = '500ms'");
		ground.execute("ALTER ROLE app SET lock_timeout = '200ms'");
		trial.start(1);
		trial.fault(() -> {
			trial.callers(4, ground.brief());
			trial.pass(Duration.ofSeconds(8));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
