package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * Nobody new gets in, with an answer.
 */
final class PasswordSet extends FaultScenario<RedisGround> {

	PasswordSet() {
		super("the server wants a password for 5 s, and clients are killed", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.execute("CONFIG", "SET", "requirepass", "new");
			ground.execute("CLIENT", "KILL", "TYPE", "normal");
			trial.pass(Duration.ofSeconds(5));
			ground.execute("CONFIG", "SET", "requirepass", "");
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
