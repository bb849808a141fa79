package io.poolwise.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A judgement on why callers got no connection.
 *
 * @param verdict the most likely reason
 * @param reasons what it rests on, at least one
 */
public record PostMortem(Verdict verdict, List<String> reasons) {

	/**
	 * What counts as held long, unless the caller waited for less than twice that.
	 */
	private static final Duration LONG = Duration.ofSeconds(1);

	public PostMortem {
		reasons = List.copyOf(reasons);
	}

	/**
	 * Judges.
	 * <p>
	 * Connects that fail explain everything as long as the pool may open more. Else those
	 * connections count that have been held long: for half as long as the caller waited,
	 * as it is known from looks now and then, or 1 s, whichever is less. If they are less
	 * than half, connections come and go, and there are too few. Of the rest, what most
	 * of their threads do decides.
	 * @param facts what was seen
	 * @return the judgement
	 */
	public static PostMortem of(Exhaustion facts) {
		PostMortem connects = facts.mayGrow() ? ofConnects(facts) : null;
		return (connects != null) ? connects : ofHolders(facts);
	}

	private static @Nullable PostMortem ofConnects(Exhaustion facts) {
		String failure = "connects fail: " + facts.connectFailure();
		return switch (facts.connects()) {
			case SERVER_FULL -> new PostMortem(Verdict.SERVER_FULL, List.of(failure));
			case SERVER_DOWN -> new PostMortem(Verdict.SERVER_DOWN, List.of(failure));
			case REFUSED -> new PostMortem(Verdict.SERVER_REFUSES, List.of(failure));
			case NONE -> null;
		};
	}

	private static PostMortem ofHolders(Exhaustion facts) {
		PoolCounts counts = facts.shortage().counts();
		if (facts.holders().isEmpty()) {
			if (facts.mayGrow() && counts.used() == 0 && counts.free() == 0 && !facts.waited().isZero()) {
				return new PostMortem(Verdict.SERVER_DOWN,
						List.of("no connection is open, and no connect came to an end"));
			}
			return new PostMortem(facts.mayGrow() ? Verdict.COLD : Verdict.UNKNOWN,
					List.of("nobody was seen to hold a connection"));
		}
		Duration half = facts.waited().dividedBy(2);
		Duration limit = (half.isZero() || half.compareTo(LONG) > 0) ? LONG : half;
		List<ConnectionHolder> heldLong = facts.holders()
			.stream()
			.filter((holder) -> holder.held().compareTo(limit) >= 0)
			.toList();
		int all = facts.holders().size();
		if (2 * heldLong.size() < all) {
			return facts.mayGrow()
					? new PostMortem(Verdict.COLD,
							List.of("%d connections are open of %d that the pool may have".formatted(counts.size(),
									facts.shortage().max())))
					: new PostMortem(Verdict.UNDERSIZED, List.of("%d of %d connections have been held for less than %s"
						.formatted(all - heldLong.size(), all, seconds(limit))));
		}
		return ofThreads(heldLong, all, limit);
	}

	private static PostMortem ofThreads(List<ConnectionHolder> heldLong, int all, Duration limit) {
		Map<Verdict, Integer> votes = new EnumMap<>(Verdict.class);
		heldLong.forEach((holder) -> votes.merge(verdict(holder), 1, Integer::sum));
		Verdict most = votes.entrySet()
			.stream()
			.max(Map.Entry.comparingByValue())
			.map(Map.Entry::getKey)
			.orElse(Verdict.UNKNOWN);
		List<String> reasons = new ArrayList<>();
		votes.entrySet()
			.stream()
			.sorted(Map.Entry.<Verdict, Integer>comparingByValue().reversed())
			.forEach((vote) -> reasons.add("%d of %d connections have been held for %s or more by threads that %s"
				.formatted(vote.getValue(), all, seconds(limit), does(vote.getKey()))));
		return new PostMortem(most, reasons);
	}

	/**
	 * A thread that waits for another connection either does so within the work for which
	 * it borrowed this one, or has forgotten this one: then it holds it for longer than
	 * it could have waited.
	 */
	private static Verdict verdict(ConnectionHolder holder) {
		return switch (holder.activity()) {
			case GONE, IDLE -> Verdict.LEAK;
			case WAITING -> holder.outlasts() ? Verdict.LEAK : Verdict.NESTED;
			case IN_DRIVER -> Verdict.SLOW_STATEMENTS;
			case ELSEWHERE -> Verdict.BUSY_ELSEWHERE;
		};
	}

	private static String does(Verdict verdict) {
		return switch (verdict) {
			case LEAK -> "have ended or gone on to other work";
			case NESTED -> "wait for another connection";
			case SLOW_STATEMENTS -> "are in the driver";
			default -> "are in other code";
		};
	}

	static String seconds(Duration duration) {
		long millis = duration.toMillis();
		return (millis < 10_000) ? millis + " ms" : millis / 1000 + " s";
	}

	/**
	 * The judgement in one sentence.
	 * @return verdict and first reason
	 */
	public String sentence() {
		return "Verdict: " + this.verdict.id() + ", since " + this.reasons.get(0) + ". " + this.verdict.nextStep();
	}

}
