package io.poolwise.sample.order;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Orders with a database and nothing else: the profile {@code jdbc}.
 */
@Configuration(proxyBeanMethods = false)
@Profile("jdbc")
class JdbcOnlyConfiguration {

	@Bean
	StockDesk stockDesk() {
		return StockDesk.open();
	}

	@Bean
	OrderCache orderCache() {
		return OrderCache.none();
	}

	@Bean
	OrderEvents orderEvents() {
		return OrderEvents.none();
	}

}
