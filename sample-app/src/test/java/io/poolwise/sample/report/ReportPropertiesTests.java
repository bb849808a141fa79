package io.poolwise.sample.report;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ReportProperties}.
 */
class ReportPropertiesTests {

	private static final Duration PERIOD = Duration.ofMinutes(10);

	@Test
	void delayIsZeroToThirtySeconds() {
		assertThatNoException().isThrownBy(() -> new ReportProperties(Duration.ZERO, PERIOD));
		assertThatNoException().isThrownBy(() -> new ReportProperties(Duration.ofSeconds(30), PERIOD));
		assertThatIllegalArgumentException().isThrownBy(() -> new ReportProperties(Duration.ofMillis(-1), PERIOD))
			.withMessageContaining("sample.report.delay");
		assertThatIllegalArgumentException().isThrownBy(() -> new ReportProperties(Duration.ofMillis(30_001), PERIOD))
			.withMessageContaining("sample.report.delay");
	}

	@Test
	void periodIsPositive() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ReportProperties(Duration.ofSeconds(1), Duration.ZERO))
			.withMessageContaining("sample.report.period");
	}

}
