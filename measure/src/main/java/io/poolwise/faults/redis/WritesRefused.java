package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * A server without its replicas, or with a full disk.
 */
final class WritesRefused extends FaultScenario<RedisGround> {

	WritesRefused() {
		super("the server takes no writes for 3 s", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.execute("CONFIG", "SET", "min-replicas-to-write", "1");
			trial.pass(Duration.ofSeconds(3));
			ground.execute("CONFIG", "SET", "min-replicas-to-write", "0");
		});
		trial.settle(Duration.ofSeconds(20));
	}

}
