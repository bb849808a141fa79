package io.poolwise.faults.redis;

import java.time.Duration;

import io.poolwise.faults.Work;

/**
 * Operations of applications that use Redis.
 */
final class RedisWorks {

	private RedisWorks() {
	}

	/**
	 * A blocking command, which needs a connection of its own.
	 * @return waits 1 s for an element that doesn't come
	 */
	static Work blocking() {
		return (beans) -> beans.redis().opsForList().rightPop("nothing", Duration.ofSeconds(1));
	}

}
