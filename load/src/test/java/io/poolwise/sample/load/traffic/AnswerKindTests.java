package io.poolwise.sample.load.traffic;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AnswerKind}.
 */
class AnswerKindTests {

	private final AnswerKind kinds = new AnswerKind();

	@Test
	void completesWhatWasDone() {
		assertThat(this.kinds.of(201, null)).isEqualTo(new AnswerKind.Verdict(Outcome.COMPLETED, null));
	}

	@Test
	void setsLateOrdersApart() {
		assertThat(this.kinds.of(202, null).outcome()).isEqualTo(Outcome.LATE);
	}

	@Test
	void tellsTheStartersRefusalFromOtherFailures() {
		assertThat(this.kinds.of(503, "{\"title\": \"No connection free\"}"))
			.isEqualTo(new AnswerKind.Verdict(Outcome.REFUSED, "503 No connection free"));
		assertThat(this.kinds.of(503, "{\"title\": \"Service Unavailable\"}"))
			.isEqualTo(new AnswerKind.Verdict(Outcome.FAILED, "503 Service Unavailable"));
		assertThat(this.kinds.of(500, "{\"error\": \"Internal Server Error\"}"))
			.isEqualTo(new AnswerKind.Verdict(Outcome.FAILED, "500 Internal Server Error"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "<html>", "[1]" })
	void failsWhereNobodyCanReadTheAnswer(String body) {
		assertThat(this.kinds.of(500, body).outcome()).isEqualTo(Outcome.FAILED);
	}

	@Test
	void tellsALostConnectionFromALongWait() {
		assertThat(this.kinds.none(Duration.ofSeconds(60).toNanos()).kind()).isEqualTo("no answer in 60 s");
		assertThat(this.kinds.none(Duration.ofSeconds(1).toNanos()).kind()).isEqualTo("connection failed");
	}

}
