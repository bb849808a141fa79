package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.faults.Work;

/**
 * A full disk as operators answer it: nobody may write.
 */
final class ReadOnlyRole extends FaultScenario<PostgresGround> {

	ReadOnlyRole() {
		super("the role may only read for 3 s, and callers write", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		Work write = (beans) -> beans.jdbc().update("UPDATE item SET name = 'y' WHERE id = 1");
		trial.start(1);
		trial.callers(3, write);
		trial.callers(3, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.execute("ALTER ROLE app SET default_transaction_read_only = on");
			ground.terminate(20);
			trial.pass(Duration.ofSeconds(3));
			ground.execute("ALTER ROLE app RESET default_transaction_read_only");
			ground.terminate(20);
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
