package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A load balancer before several servers.
 */
final class TwoServersOneAddress extends FaultScenario<PostgresGround> {

	TwoServersOneAddress() {
		super("a proxy before two servers, which takes turns", PostgresGround::start);
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		PostgresGround other = ground.also(PostgresGround.start());
		TakingTurns proxy = ground.also(new TakingTurns(ground.process().port(), other.process().port()));
		ground.with("spring.datasource.url=jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres");
		trial.fault(() -> {
			trial.start(2);
			trial.callers(12, ground.brief());
			trial.pass(Duration.ofSeconds(15));
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
