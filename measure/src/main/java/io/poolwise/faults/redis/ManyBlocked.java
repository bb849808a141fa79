package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * Blocking commands need connections of their own.
 */
final class ManyBlocked extends FaultScenario<RedisGround> {

	ManyBlocked() {
		super("40 callers wait in blocking commands, others go on", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.callers(40, RedisWorks.blocking());
			trial.pass(Duration.ofSeconds(6));
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
