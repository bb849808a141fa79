package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * A slow command holds up all others.
 */
final class SlowServer extends FaultScenario<RedisGround> {

	SlowServer() {
		super("the server stands still for 4 s", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.execute("DEBUG", "SLEEP", "4"));
		trial.settle(Duration.ofSeconds(20));
	}

}
