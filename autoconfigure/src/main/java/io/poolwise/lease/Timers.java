package io.poolwise.lease;

/**
 * When a member has something to do, in nanoseconds of its monotonic clock.
 *
 * @param phase when the phase ends by itself: the pause before a reconnect, the wait for
 * a closed session, the patience of a joiner
 * @param poll when to look at the fleet again
 * @param snapshot when to read everything
 * @param announce when a changed demand may be told
 * @param audit when to read everything though nothing seems to have changed
 */
record Timers(long phase, long poll, long snapshot, long announce, long audit) {

	static final long NEVER = Long.MAX_VALUE;

}
