package io.poolwise.sample.report;

import java.time.Duration;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds up the sales, slowly.
 */
@Service
class ReportService {

	// A CTE of its own, so that the planner can't run the sleep once a row.
	private static final String QUERY = """
			WITH pause AS MATERIALIZED (SELECT pg_sleep(:delay))
			SELECT p.sku, p.name, count(DISTINCT o.id) AS orders, sum(l.quantity) AS pieces,
			       sum(l.quantity * l.unit_price) AS revenue
			FROM pause
			CROSS JOIN orders o
			JOIN order_lines l ON l.order_id = o.id
			JOIN products p ON p.id = l.product_id
			WHERE o.placed_at > now() - make_interval(secs => :period)
			GROUP BY p.sku, p.name
			ORDER BY revenue DESC, p.sku
			""";

	private final JdbcClient jdbc;

	private final ReportProperties properties;

	ReportService(JdbcClient jdbc, ReportProperties properties) {
		this.jdbc = jdbc;
		this.properties = properties;
	}

	/**
	 * Add up the sales of the configured period.
	 * @param delay how long the query sleeps first, 0 to 30 seconds
	 * @return the report
	 */
	@Transactional(readOnly = true)
	public SalesReport sales(Duration delay) {
		Duration period = this.properties.period();
		return new SalesReport(period,
				this.jdbc.sql(QUERY)
					.param("delay", seconds(delay))
					.param("period", seconds(period))
					.query(SalesReport.Sales.class)
					.list());
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

}
