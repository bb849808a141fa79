package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * Nobody new gets in, without an answer.
 */
final class NewConnectionsDropped extends FaultScenario<RedisGround> {

	NewConnectionsDropped() {
		super("SYN dropped for 8 s, and clients are killed", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.network().dropNewConnections();
			ground.execute("CLIENT", "KILL", "TYPE", "normal");
			trial.pass(Duration.ofSeconds(8));
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(60));
	}

}
