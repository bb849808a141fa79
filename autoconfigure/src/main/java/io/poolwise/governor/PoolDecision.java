package io.poolwise.governor;

import java.time.Instant;
import java.util.List;

import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the record: a pool was told a size.
 *
 * @param time when
 * @param pool the pool's name
 * @param from the size before, {@code null} for the first
 * @param to the size it was told
 * @param reasons why, in order
 */
public record PoolDecision(Instant time, String pool, @Nullable PoolSize from, PoolSize to, List<String> reasons) {

	public PoolDecision {
		reasons = List.copyOf(reasons);
	}

}
