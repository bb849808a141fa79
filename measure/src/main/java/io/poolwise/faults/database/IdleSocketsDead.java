package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Packets of some connections are dropped for ever: whoever borrows one waits for its
 * validation.
 */
final class IdleSocketsDead extends FaultScenario<PostgresGround> {

	IdleSocketsDead() {
		super("a firewall forgets 7 of 10 idle connections", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(10, ground.lasting(0.2));
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.network().dropConnections(ground.clients(7)));
		trial.settle(Duration.ofSeconds(60));
	}

}
