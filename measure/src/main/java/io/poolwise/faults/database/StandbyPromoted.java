package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.testservers.PostgresServer;

/**
 * A standby becomes a primary: what runs goes on.
 */
final class StandbyPromoted extends FaultScenario<PostgresGround> {

	StandbyPromoted() {
		super("the standby that the application reads from is promoted", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		PostgresServer standby = ground.also(ground.postgres().startStandby());
		ground.with("spring.datasource.url=" + standby.jdbcUrl());
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.carry(2, ground.lasting(12));
		trial.pass(Duration.ofSeconds(1));
		trial.fault(standby::promote);
		trial.pass(Duration.ofSeconds(6));
		trial.settle(Duration.ofSeconds(40));
	}

}
