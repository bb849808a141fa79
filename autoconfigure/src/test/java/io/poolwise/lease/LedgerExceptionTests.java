package io.poolwise.lease;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LedgerException}.
 */
class LedgerExceptionTests {

	@Test
	void saysItOnOneLine() {
		String message = "\n no connection: FATAL: role \"shop\" is not permitted to log in\n  Hint: ask somebody\r\n";
		assertThat(new LedgerException(message, true, new IllegalStateException()))
			.hasMessage("no connection: FATAL: role \"shop\" is not permitted to log in");
		assertThat(new LedgerException("", true, new IllegalStateException())).hasMessage("");
	}

}
