package io.poolwise.sample.report;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The report's HTTP interface.
 */
@RestController
class ReportController {

	private final ReportService reports;

	private final ReportProperties properties;

	ReportController(ReportService reports, ReportProperties properties) {
		this.reports = reports;
		this.properties = properties;
	}

	@GetMapping("/report")
	SalesReport sales(@RequestParam(required = false) @DurationFormat(style = Style.SIMPLE) @Nullable Duration delay) {
		Duration wanted = (delay != null) ? delay : this.properties.delay();
		return this.reports.sales(atMost(wanted));
	}

	private static Duration atMost(Duration wanted) {
		if (wanted.isNegative()) {
			return Duration.ZERO;
		}
		return (wanted.compareTo(ReportProperties.MAX_DELAY) < 0) ? wanted : ReportProperties.MAX_DELAY;
	}

}
