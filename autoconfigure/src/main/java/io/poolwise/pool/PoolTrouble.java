package io.poolwise.pool;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How often callers got no connection since the start of a pool, and why.
 *
 * @param refused callers refused at once since too many waited, at least 0
 * @param timeouts callers that waited for the whole acquire timeout, at least 0
 * @param postMortem the last judgement on the reason, {@code null} if there is none
 * @param verdicts how often a report for the log came to each verdict; one that none came
 * to may be absent
 */
public record PoolTrouble(long refused, long timeouts, @Nullable PostMortem postMortem, Map<Verdict, Long> verdicts) {

	/**
	 * No caller ever went without.
	 */
	public static final PoolTrouble NONE = new PoolTrouble(0, 0, null);

	public PoolTrouble {
		verdicts = Map.copyOf(verdicts);
	}

	/**
	 * Trouble that no report was written on.
	 * @param refused callers refused at once
	 * @param timeouts callers that waited in vain
	 * @param postMortem the last judgement, {@code null} if there is none
	 */
	public PoolTrouble(long refused, long timeouts, @Nullable PostMortem postMortem) {
		this(refused, timeouts, postMortem, Map.of());
	}

}
