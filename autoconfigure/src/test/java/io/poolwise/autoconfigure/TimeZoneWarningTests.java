package io.poolwise.autoconfigure;

import java.util.TimeZone;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimeZoneWarning}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TimeZoneWarningTests {

	private final TimeZone zone = TimeZone.getDefault();

	@AfterEach
	void restoreZone() {
		TimeZone.setDefault(this.zone);
	}

	@ParameterizedTest
	@CsvSource({ "UTC, false", "Etc/UTC, false", "GMT, false", "Zulu, false", "Asia/Seoul, true", "Europe/London, true",
			"America/New_York, true", "GMT+01:00, true" })
	void warnsOfZonesThatAreNotUtc(String id, boolean warned, CapturedOutput output) {
		TimeZone.setDefault(TimeZone.getTimeZone(id));
		new TimeZoneWarning().sessionsUseUtc("orders");
		assertThat(output.toString().contains("orders: sessions use the time zone UTC and this JVM uses " + id + ":"))
			.isEqualTo(warned);
		assertThat(output.toString().contains("pool.database.init-sql")).isEqualTo(warned);
	}

	@Test
	void warnsOnce(CapturedOutput output) {
		TimeZone.setDefault(TimeZone.getTimeZone("Asia/Seoul"));
		TimeZoneWarning warning = new TimeZoneWarning();
		warning.sessionsUseUtc("orders");
		warning.sessionsUseUtc("orders");
		warning.sessionsUseUtc("reports");
		assertThat(output.toString().lines().filter((line) -> line.contains("Asia/Seoul"))).hasSize(1);
	}

}
