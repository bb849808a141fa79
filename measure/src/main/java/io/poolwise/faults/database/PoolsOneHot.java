package io.poolwise.faults.database;

import java.time.Duration;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * An application with several pools on one server, of which one has the load.
 */
abstract class PoolsOneHot extends FaultScenario<PostgresGround> {

	private final List<String> idle;

	PoolsOneHot(String title, String... idle) {
		super(title, PostgresGround::start);
		this.idle = List.of(idle);
	}

	@Override
	public final void play(Trial trial, PostgresGround ground) throws Exception {
		Instance instance = trial.start(1).get(0);
		for (String name : this.idle) {
			instance.callers(1, Duration.ofSeconds(1), (beans) -> beans.dataSource(name).getConnection().close());
		}
		String sql = ground.sleep(0.05);
		trial.fault(() -> {
			instance.callers(20, Duration.ZERO, (beans) -> beans.query(sql));
			trial.pass(Duration.ofSeconds(8));
		});
		trial.pass(Duration.ofSeconds(4));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoPools {

		@Bean
		@Primary
		HikariDataSource hot(DataSourceProperties properties) {
			return pool(properties);
		}

		@Bean
		HikariDataSource one(DataSourceProperties properties) {
			return pool(properties);
		}

		static HikariDataSource pool(DataSourceProperties properties) {
			return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SixPools extends TwoPools {

		@Bean
		HikariDataSource two(DataSourceProperties properties) {
			return pool(properties);
		}

		@Bean
		HikariDataSource three(DataSourceProperties properties) {
			return pool(properties);
		}

		@Bean
		HikariDataSource four(DataSourceProperties properties) {
			return pool(properties);
		}

		@Bean
		HikariDataSource five(DataSourceProperties properties) {
			return pool(properties);
		}

	}

}
