package io.poolwise.faults.database;

import java.time.Duration;
import java.util.List;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Rights that everybody has by default are revoked from PUBLIC, as operators do.
 */
abstract class RightsRevoked extends FaultScenario<PostgresGround> {

	private final boolean running;

	private final List<String> statements;

	/**
	 * Describes the scenario.
	 * @param title what happens
	 * @param running whether rights are revoked while the application runs, else before
	 * @param statements revoke them
	 */
	RightsRevoked(String title, boolean running, String... statements) {
		super(title, PostgresGround::start);
		this.running = running;
		this.statements = List.of(statements);
	}

	@Override
	public final boolean quick() {
		return !this.running;
	}

	@Override
	public final void play(Trial trial, PostgresGround ground) throws Exception {
		if (!this.running) {
			this.statements.forEach(ground::execute);
		}
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			if (this.running) {
				this.statements.forEach(ground::execute);
				ground.terminate(3);
			}
			trial.pass(Duration.ofSeconds(6));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
