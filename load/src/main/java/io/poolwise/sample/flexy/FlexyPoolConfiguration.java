package io.poolwise.sample.flexy;

import com.vladmihalcea.flexypool.FlexyPoolDataSource;
import com.vladmihalcea.flexypool.adaptor.HikariCPPoolAdapter;
import com.vladmihalcea.flexypool.strategy.IncrementPoolOnTimeoutConnectionAcquisitionStrategy;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Wraps the pool: it grows by one each time a connection took longer than 100 ms to get,
 * up to {@code flexy.max-size}.
 */
@Configuration(proxyBeanMethods = false)
public class FlexyPoolConfiguration {

	private static final int SLOW_MILLIS = 100;

	@Bean
	static BeanPostProcessor flexyPool(Environment environment) {
		return new Wrapper(environment);
	}

	/**
	 * Puts FlexyPool around each HikariCP pool.
	 */
	public static final class Wrapper implements BeanPostProcessor {

		private final Environment environment;

		Wrapper(Environment environment) {
			this.environment = environment;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof HikariDataSource pool) ? wrap(pool) : bean;
		}

		@SuppressWarnings("unchecked")
		private FlexyPoolDataSource<HikariDataSource> wrap(HikariDataSource pool) {
			int most = this.environment.getRequiredProperty("flexy.max-size", Integer.class);
			var configuration = new com.vladmihalcea.flexypool.config.FlexyPoolConfiguration.Builder<>("primary", pool,
					HikariCPPoolAdapter.FACTORY)
				.build();
			return new FlexyPoolDataSource<>(configuration,
					new IncrementPoolOnTimeoutConnectionAcquisitionStrategy.Factory<HikariDataSource>(most,
							SLOW_MILLIS));
		}

	}

}
