package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * The server dies under load, and comes back.
 */
final class ServerCrash extends FaultScenario<RedisGround> {

	ServerCrash() {
		super("server killed under load, down for 1 s", RedisGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.crash(Duration.ofSeconds(1)));
		trial.settle(Duration.ofSeconds(40));
	}

}
