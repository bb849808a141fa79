package io.poolwise.bench;

import java.util.function.Supplier;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.poolwise.actuate.DbPoolEndpoint;
import io.poolwise.actuate.FleetMeters;
import io.poolwise.actuate.PoolMeters;
import io.poolwise.actuate.PoolsEndpoint;
import io.poolwise.actuate.PoolsEndpointWebExtension;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;

/**
 * What somebody asks of a service with three pools.
 */
public enum Reading implements Titled {

	/** The endpoint of the database pools. */
	DB_POOL("`dbpool` as JSON") {

		@Override
		Operation prepare(BeanFactory beans) {
			DbPoolEndpoint endpoint = beans.getBean(DbPoolEndpoint.class);
			return json(endpoint::databasePools);
		}

	},

	/** The endpoint of all pools, with all that it has to tell. */
	POOLS("`pools` as JSON, with reasons and advice") {

		@Override
		Operation prepare(BeanFactory beans) {
			PoolsEndpoint endpoint = beans.getBean(PoolsEndpoint.class);
			return json(endpoint::pools);
		}

	},

	/** What the page asks for every second. */
	HISTORY("`pools/history` as JSON, the page's curves") {

		@Override
		Operation prepare(BeanFactory beans) {
			PoolsEndpointWebExtension endpoint = beans.getBean(PoolsEndpointWebExtension.class);
			return json(() -> endpoint.part("history").getBody());
		}

	},

	/** The meters of Poolwise alone. */
	METERS("Prometheus, the meters `pool.*`") {

		@Override
		Operation prepare(BeanFactory beans) {
			PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
			beans.getBean(PoolMeters.class).bindTo(registry);
			beans.getBean(FleetMeters.class).bindTo(registry);
			return registry::scrape;
		}

	},

	/** All meters of the service. */
	SCRAPE("Prometheus, all meters of the service") {

		@Override
		Operation prepare(BeanFactory beans) {
			return beans.getBean(PrometheusMeterRegistry.class)::scrape;
		}

	};

	private final String title;

	Reading(String title) {
		this.title = title;
	}

	@Override
	public String title() {
		return this.title;
	}

	/**
	 * Makes the question.
	 * @param beans the service's
	 */
	abstract Operation prepare(BeanFactory beans);

	private static Operation json(Supplier<Object> question) {
		JsonMapper mapper = JsonMapper.builder().build();
		return () -> mapper.writeValueAsBytes(question.get());
	}

}
