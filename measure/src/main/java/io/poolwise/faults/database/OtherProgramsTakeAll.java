package io.poolwise.faults.database;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A server without room for anybody.
 */
final class OtherProgramsTakeAll extends FaultScenario<PostgresGround> {

	OtherProgramsTakeAll() {
		super("other programs take all free connections for 8 s", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.execute("CREATE ROLE other LOGIN PASSWORD 'other'");
			List<Connection> others = new ArrayList<>();
			try {
				for (int i = 0; i < 100; i++) {
					others.add(ground.connect("other", "other"));
				}
			}
			catch (IllegalStateException ex) {
				// full
			}
			ground.terminate(4);
			trial.pass(Duration.ofSeconds(8));
			for (Connection connection : others) {
				connection.close();
			}
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
