package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * The server grants less than what is open.
 */
final class ClientLimitLowered extends FaultScenario<RedisGround> {

	ClientLimitLowered() {
		super("maxclients falls to 1 for 5 s, and clients are killed", RedisGround::start);
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
		trial.fault(() -> {
			ground.execute("CONFIG", "SET", "maxclients", "1");
			ground.execute("CLIENT", "KILL", "TYPE", "normal");
			trial.pass(Duration.ofSeconds(5));
			ground.execute("CONFIG", "SET", "maxclients", "1000");
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
