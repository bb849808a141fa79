package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

/**
 * A firewall resets whatever clients send.
 */
final class ConnectionsRejected extends FaultScenario<RedisGround> {

	ConnectionsRejected() {
		super("everything that clients send is answered by a reset, 3 s", RedisGround::start);
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.callers(2, RedisWorks.blocking());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			ground.network().reject();
			trial.pass(Duration.ofSeconds(3));
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
