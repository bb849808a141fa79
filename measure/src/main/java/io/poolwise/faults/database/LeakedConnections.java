package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.LocalInstance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * An application that leaks.
 */
final class LeakedConnections extends FaultScenario<PostgresGround> {

	LeakedConnections() {
		super("3 of 10 connections are never given back", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		LocalInstance instance = (LocalInstance) trial.start(1, "spring.datasource.hikari.maximum-pool-size=10").get(0);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			for (int i = 0; i < 3; i++) {
				ground.also(instance.beans().connection());
			}
			trial.callers(6, ground.lasting(0.09));
			trial.pass(Duration.ofSeconds(6));
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
