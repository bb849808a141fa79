package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.testservers.PostgresServer;

/**
 * One pool over several servers.
 */
final class TwoStandbysBalanced extends FaultScenario<PostgresGround> {

	TwoStandbysBalanced() {
		super("loadBalanceHosts over two standbys", PostgresGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		PostgresServer one = ground.also(ground.postgres().startStandby());
		PostgresServer two = ground.also(ground.postgres().startStandby());
		ground.with("spring.datasource.url=jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres?loadBalanceHosts=true"
			.formatted(one.port(), two.port()));
		trial.fault(() -> {
			trial.start(2);
			trial.callers(12, ground.brief());
			trial.pass(Duration.ofSeconds(15));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
