package io.poolwise.pool.hikari;

import java.util.List;

/**
 * Where a connection was borrowed: the calls around it, without those of the pool.
 */
final class BorrowSite {

	// of each connection that is borrowed while somebody looks: no more than it takes
	private static final int FRAMES = 48;

	private static final StackWalker WALKER = StackWalker.getInstance();

	private final List<StackWalker.StackFrame> frames;

	private BorrowSite(List<StackWalker.StackFrame> frames) {
		this.frames = frames;
	}

	static BorrowSite here() {
		return new BorrowSite(WALKER.walk((frames) -> frames.skip(3).limit(FRAMES).toList()));
	}

	List<StackTraceElement> calls() {
		return this.frames.stream().map(StackWalker.StackFrame::toStackTraceElement).toList();
	}

}
