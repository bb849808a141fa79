package io.poolwise.faults.redis;

import java.time.Duration;

import io.lettuce.core.AbstractRedisAsyncCommands;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.LocalInstance;
import io.poolwise.faults.RedisGround;
import io.poolwise.faults.Trial;

import org.springframework.data.redis.core.RedisCallback;

/**
 * Something closes a connection that it got.
 */
final class SharedConnectionClosed extends FaultScenario<RedisGround> {

	SharedConnectionClosed() {
		super("the shared connection is closed in the application", RedisGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, RedisGround ground) throws Exception {
		LocalInstance instance = (LocalInstance) trial.start(1).get(0);
		trial.callers(6, (beans) -> beans.redis().opsForValue().set("key", "value"));
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> instance.beans().redis().execute((RedisCallback<Boolean>) (connection) -> {
			((AbstractRedisAsyncCommands<?, ?>) connection.getNativeConnection()).getConnection().close();
			return true;
		}));
		trial.settle(Duration.ofSeconds(20));
	}

}
