package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * The network drops everything for a while.
 */
final class SilentNetworkCut extends FaultScenario<RedisGround> {

	SilentNetworkCut() {
		super("packets dropped in silence for 15 s", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.network().drop();
			trial.pass(Duration.ofSeconds(15));
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(90));
	}

}
