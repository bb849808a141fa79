package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.testservers.PostgresServer;

/**
 * A failover with several hosts in the URL.
 */
final class Failover extends FaultScenario<PostgresGround> {

	Failover() {
		super("the primary dies, the standby is promoted after 3 s; two hosts in the URL", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		PostgresServer standby = ground.also(ground.postgres().startStandby());
		ground
			.with("spring.datasource.url=jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?targetServerType=primary"
				.formatted(ground.postgres().port(), standby.port()));
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.process().kill();
			trial.pass(Duration.ofSeconds(3));
			standby.promote();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
