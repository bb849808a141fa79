package io.poolwise.pool;

import java.time.Duration;
import java.util.List;

/**
 * A borrowed connection at the moment at which others got none.
 *
 * @param thread the name of the thread that borrowed it
 * @param activity what that thread does
 * @param held for how long at least it has been borrowed
 * @param outlasts whether that is longer than any wait for a connection lasts, so that a
 * thread which waits cannot be waiting within the same piece of work
 * @param stack where the thread is, the innermost call first; empty if it isn't known
 * @param borrowedAt where it was when it borrowed the connection; empty if that was not
 * recorded
 */
public record ConnectionHolder(String thread, HolderActivity activity, Duration held, boolean outlasts,
		List<StackTraceElement> stack, List<StackTraceElement> borrowedAt) {

	public ConnectionHolder {
		stack = List.copyOf(stack);
		borrowedAt = List.copyOf(borrowedAt);
	}

}
