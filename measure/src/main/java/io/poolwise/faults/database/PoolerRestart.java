package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.testservers.PgBouncerServer;

/**
 * A pooler between the application and its server dies.
 */
final class PoolerRestart extends FaultScenario<PostgresGround> {

	PoolerRestart() {
		super("PgBouncer restarted under load", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		PgBouncerServer pooler = ground
			.also(PgBouncerServer.builder(ground.postgres()).poolMode("session").poolSize(30).start());
		ground.with("spring.datasource.url=" + pooler.jdbcUrl());
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			pooler.kill();
			trial.pass(Duration.ofSeconds(1));
			pooler.restart();
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
