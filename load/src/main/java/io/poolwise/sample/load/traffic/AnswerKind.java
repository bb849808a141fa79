package io.poolwise.sample.load.traffic;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells what kind of answer one is.
 */
final class AnswerKind {

	private static final long TIMEOUT_NANOS = Duration.ofSeconds(59).toNanos();

	/** What the starter answers for a pool that has no connection. */
	private static final String STARTER = "503 No connection free";

	private final JsonMapper json = new JsonMapper();

	/**
	 * The verdict on an answer.
	 * @param status its status
	 * @param body its body, if it isn't what was asked for
	 */
	Verdict of(int status, @Nullable String body) {
		if (status == 202) {
			return new Verdict(Outcome.LATE, "202 stored, announced later");
		}
		if (status < 400) {
			return new Verdict(Outcome.COMPLETED, null);
		}
		JsonNode problem = problem(body);
		String kind = status + " " + problem.path("title").asString(problem.path("error").asString(""));
		return new Verdict(kind.equals(STARTER) ? Outcome.REFUSED : Outcome.FAILED, kind);
	}

	/**
	 * The verdict where there was no answer.
	 * @param nanos how long it was waited
	 */
	Verdict none(long nanos) {
		return new Verdict(Outcome.FAILED, (nanos >= TIMEOUT_NANOS) ? "no answer in 60 s" : "connection failed");
	}

	private JsonNode problem(@Nullable String body) {
		try {
			return this.json.readTree((body != null) ? body : "");
		}
		catch (JacksonException ex) {
			return this.json.missingNode();
		}
	}

	/**
	 * What an answer is.
	 *
	 * @param outcome how the request ended
	 * @param kind what the answer said, {@code null} if it is what was asked for
	 */
	record Verdict(Outcome outcome, @Nullable String kind) {
	}

}
