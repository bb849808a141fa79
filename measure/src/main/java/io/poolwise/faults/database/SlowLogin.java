package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A server that is slow to let in.
 */
final class SlowLogin extends FaultScenario<PostgresGround> {

	SlowLogin() {
		super("each login takes 2 s", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.set("pre_auth_delay", "2");
		trial.fault(() -> {
			trial.start(1);
			trial.callers(8, ground.brief());
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
