package io.poolwise.bench;

import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.PressureSettings;
import io.poolwise.pool.hikari.SessionDefaults;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A pool that is measured.
 */
public enum Contender {

	/** Plain HikariCP. */
	HIKARI("plain HikariCP") {

		@Override
		Started start(int port) {
			HikariDataSource pool = new HikariDataSource(settings(port));
			return new Started(pool, pool);
		}

	},

	/** A service without the starter: Spring Boot measures its pool. */
	BOOT("HikariCP in a Spring Boot service, with its meters") {

		@Override
		Started start(int port) {
			return service(port, "--pool.enabled=false", "--spring.datasource.hikari.maximum-pool-size=" + SIZE,
					"--spring.datasource.hikari.minimum-idle=" + SIZE);
		}

	},

	/** The governed pool with nothing on. */
	NOTHING_ON("Poolwise, nothing on") {

		@Override
		Started start(int port) {
			HikariDataSource pool = new GovernedHikariDataSource("bench", settings(port), new PoolSize(SIZE, SIZE, 0),
					SessionDefaults.NONE, PressureSettings.NONE, ConnectionPermits.UNLIMITED, Runnable::run);
			return new Started(pool, pool);
		}

	},

	/** A service with the starter in the profile prod, and a number of replicas. */
	DEFAULTS("Poolwise, as a service gets it (post-mortem)") {

		@Override
		Started start(int port) {
			return service(port, "--pool.leases.mode=off");
		}

	},

	/** The same in a fleet that shares the budget live. */
	LEASES("Poolwise, with leases") {

		@Override
		Started start(int port) {
			return service(port, "--pool.leases.mode=on");
		}

	},

	/** The same with all that the borrow path can have. */
	ALL_ON("Poolwise, with leases, max-pending, max-queries and max-overflow") {

		@Override
		Started start(int port) {
			return service(port, "--pool.leases.mode=on", "--pool.database.max-pending=1000",
					"--pool.database.max-queries=100000", "--pool.database.max-overflow=8");
		}

	};

	/**
	 * Connections of each pool, as many as threads in the largest run.
	 */
	static final int SIZE = 64;

	private final String title;

	Contender(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	/**
	 * Starts the pool.
	 * @param port where PostgreSQL listens on the loopback address
	 */
	abstract Started start(int port);

	private static String url(int port) {
		return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
	}

	private static HikariConfig settings(int port) {
		HikariConfig settings = new HikariConfig();
		settings.setJdbcUrl(url(port));
		settings.setUsername("postgres");
		settings.setPassword("postgres");
		settings.setMaximumPoolSize(SIZE);
		settings.setMinimumIdle(SIZE);
		return settings;
	}

	private static Started service(int port, String... settings) {
		List<String> arguments = new ArrayList<>(List.of(settings));
		arguments.addAll(List.of("--spring.main.banner-mode=off", "--spring.datasource.url=" + url(port),
				"--spring.datasource.username=postgres", "--spring.datasource.password=postgres", "--pool.profile=prod",
				"--pool.replicas=1", "--pool.max-surge=0", "--pool.database.min-size=" + SIZE,
				"--pool.database.max-size=" + SIZE));
		SpringApplication application = new SpringApplication(Service.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
		return new Started(context.getBean(HikariDataSource.class), context);
	}

	/**
	 * A service with one pool.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { DataRedisAutoConfiguration.class, RabbitAutoConfiguration.class })
	static class Service {

	}

	/**
	 * A pool that works.
	 *
	 * @param pool the pool
	 * @param owner ends it
	 */
	record Started(HikariDataSource pool, AutoCloseable owner) {

	}

}
