package io.poolwise.pool;

import java.util.Comparator;
import java.util.List;

/**
 * A post-mortem for a person to read, over several lines.
 */
public final class ExhaustionReport {

	private static final int HOLDERS = 10;

	private static final int FRAMES = 8;

	private static final List<String> PLUMBING = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.",
			"com.zaxxer.hikari.", "org.springframework.", "org.apache.tomcat.", "org.apache.catalina.",
			"org.hibernate.", "io.poolwise.pool.hikari.Governed", "io.poolwise.pool.hikari.Gate",
			"io.poolwise.pool.hikari.Delegating", "io.poolwise.pool.hikari.PendingBound");

	private ExhaustionReport() {
	}

	/**
	 * Writes a report.
	 * @param facts what was seen
	 * @param postMortem the judgement on it
	 * @param timeouts callers that waited in vain since the report before
	 * @param refused callers that were refused since then
	 * @return the lines, the first one beginning with the pool's name
	 */
	public static String of(Exhaustion facts, PostMortem postMortem, long timeouts, long refused) {
		PoolShortage shortage = facts.shortage();
		StringBuilder report = new StringBuilder();
		report.append(
				"%s: callers got no connection, verdict: %s%n".formatted(shortage.pool(), postMortem.verdict().id()));
		postMortem.reasons().forEach((reason) -> line(report, 1, reason));
		line(report, 1, postMortem.verdict().nextStep());
		line(report, 1, "At that moment: " + shortage.inWords());
		line(report, 1,
				"Since the last report: %d waited in vain, %d were refused at once".formatted(timeouts, refused));
		facts.holders()
			.stream()
			.sorted(Comparator.comparing(ConnectionHolder::held).reversed())
			.limit(HOLDERS)
			.forEach((holder) -> holder(report, holder));
		if (facts.holders().size() > HOLDERS) {
			line(report, 1, "and " + (facts.holders().size() - HOLDERS) + " more");
		}
		return report.toString().stripTrailing();
	}

	private static void holder(StringBuilder report, ConnectionHolder holder) {
		line(report, 1, "held for %s or more by %s, which %s".formatted(PostMortem.seconds(holder.held()),
				holder.thread(), holder.activity().inWords()));
		if (!holder.borrowedAt().isEmpty()) {
			line(report, 2, "borrowed at");
			frames(report, holder.borrowedAt());
		}
		if (!holder.stack().isEmpty() && holder.activity() != HolderActivity.IDLE) {
			line(report, 2, "now at");
			frames(report, holder.stack());
		}
	}

	/**
	 * The calls that tell most: those of neither the JDK nor a framework, if there are
	 * any.
	 */
	private static void frames(StringBuilder report, List<StackTraceElement> stack) {
		List<StackTraceElement> own = stack.stream()
			.filter((frame) -> PLUMBING.stream().noneMatch(frame.getClassName()::startsWith))
			.toList();
		(own.isEmpty() ? stack : own).stream().limit(FRAMES).forEach((frame) -> line(report, 3, frame.toString()));
	}

	private static void line(StringBuilder report, int depth, String text) {
		report.append("  ".repeat(depth)).append(text).append(System.lineSeparator());
	}

}
