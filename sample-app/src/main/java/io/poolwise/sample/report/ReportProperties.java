package io.poolwise.sample.report;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sales report.
 *
 * @param delay how long the report's query sleeps before it adds up, 0 to 30 seconds
 * @param period how far back the report looks
 */
@ConfigurationProperties("sample.report")
public record ReportProperties(@DefaultValue("500ms") Duration delay, @DefaultValue("10m") Duration period) {

	static final Duration MAX_DELAY = Duration.ofSeconds(30);

	public ReportProperties {
		if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
			throw new IllegalArgumentException("sample.report.delay must be 0 to 30 seconds, not " + delay);
		}
		if (period.isNegative() || period.isZero()) {
			throw new IllegalArgumentException("sample.report.period must be positive, not " + period);
		}
	}

}
