package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * The application starts before its server.
 */
final class ServerDownAtStart extends FaultScenario<RedisGround> {

	ServerDownAtStart() {
		super("server down at the start of the application, up after 10 s", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		ground.process().kill();
		trial.start(1);
		trial.callers(4, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.fault(() -> {
			trial.pass(Duration.ofSeconds(10));
			ground.process().restart();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
