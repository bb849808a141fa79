package io.poolwise.governor;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * The record of the last decisions.
 */
final class DecisionLog {

	private static final int KEPT = 50;

	private final Clock clock;

	private final Deque<PoolDecision> entries = new ArrayDeque<>();

	private final Map<String, Long> changes = new HashMap<>();

	private final Map<String, PoolSize> last = new HashMap<>();

	DecisionLog(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Records what was decided for a pool, if it is news.
	 * @param member the pool
	 * @return the entry, {@code null} if the pool has that size already
	 */
	synchronized @Nullable PoolDecision record(Member member) {
		PoolSize before = this.last.put(member.name(), member.size());
		if (member.size().equals(before)) {
			return null;
		}
		PoolDecision decision = new PoolDecision(this.clock.instant(), member.name(), before, member.size(),
				member.reasons());
		this.entries.addLast(decision);
		if (before != null) {
			this.changes.merge(member.name(), 1L, Long::sum);
		}
		if (this.entries.size() > KEPT) {
			this.entries.removeFirst();
		}
		return decision;
	}

	/**
	 * How often a pool was told another size than it had.
	 * @param pool the pool's name
	 * @return how often, its first size not counted
	 */
	synchronized long changes(String pool) {
		return this.changes.getOrDefault(pool, 0L);
	}

	synchronized List<PoolDecision> entries() {
		return List.copyOf(this.entries);
	}

}
