package io.poolwise.governor;

import java.util.List;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReadingChange}.
 */
class ReadingChangeTests {

	private static final ServerIdentity FIRST = new ServerIdentity("postgresql 1 db-1:5432 primary");

	private static final ServerIdentity SECOND = new ServerIdentity("postgresql 1 db-2:5432 primary");

	@Test
	void otherLimitOfTheSameServer() {
		assertThat(describe(granted(FIRST, 97), granted(FIRST, 37)))
			.isEqualTo("limit 97 -> 37 on postgresql 1 db-1:5432 primary: max_connections");
	}

	@Test
	void otherServer() {
		assertThat(describe(granted(FIRST, 97), granted(SECOND, 37)))
			.isEqualTo("limit 97 -> 37, server postgresql 1 db-1:5432 primary -> postgresql 1 db-2:5432 primary: "
					+ "max_connections");
	}

	@Test
	void limitThatIsKnownAtLast() {
		assertThat(describe(new LimitReading.Unavailable("connection refused"), granted(FIRST, 97)))
			.isEqualTo("not known -> 97 on postgresql 1 db-1:5432 primary");
	}

	@Test
	void poolerInBetween() {
		LimitReading pooler = new LimitReading.Pooled(new ServerIdentity("pooler of db-1:5432"), "two numbers");
		assertThat(describe(granted(FIRST, 97), pooler))
			.isEqualTo("97 -> a pooler (two numbers), server postgresql 1 db-1:5432 primary -> pooler of db-1:5432");
	}

	private static LimitReading granted(ServerIdentity server, int limit) {
		return new LimitReading.Granted(server, ServerLimit.ofServer(limit, List.of("max_connections")));
	}

	private static String describe(LimitReading before, LimitReading after) {
		return new ReadingChange(before, after).describe();
	}

}
