package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * Shared and pooled connections end.
 */
final class ClientsKilled extends FaultScenario<RedisGround> {

	ClientsKilled() {
		super("all clients are killed, each second for 3 s", RedisGround::start);
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
			for (int i = 0; i < 3; i++) {
				ground.execute("CLIENT", "KILL", "TYPE", "normal");
				trial.pass(Duration.ofSeconds(1));
			}
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
