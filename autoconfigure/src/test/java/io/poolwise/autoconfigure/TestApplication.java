package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;

/**
 * A small application that runs as any other does, with the environment variables that a
 * test gives it and no other.
 */
final class TestApplication {

	private final SpringApplication application;

	private final List<String> arguments = new ArrayList<>();

	private final Map<String, Object> defaults = new LinkedHashMap<>();

	private final Map<String, Object> variables = new LinkedHashMap<>();

	private TestApplication(Class<?>... sources) {
		this.application = new SpringApplication(sources);
		this.application.setWebApplicationType(WebApplicationType.NONE);
		this.application.setRegisterShutdownHook(false);
		this.application.setEnvironment(new StandardEnvironment() {

			@Override
			public Map<String, Object> getSystemEnvironment() {
				return TestApplication.this.variables;
			}

		});
		with("spring.main.banner-mode=off");
	}

	/**
	 * An application with nothing but an environment.
	 */
	static TestApplication bare() {
		return new TestApplication(Bare.class);
	}

	/**
	 * An application with one H2 database, which has no connection limit.
	 */
	static TestApplication onH2(Class<?>... more) {
		return automatic(more).with("spring.datasource.url=jdbc:h2:mem:" + System.nanoTime());
	}

	/**
	 * An application with Redis and without a database.
	 */
	static TestApplication onRedis(Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(more));
		sources.add(Redis.class);
		return new TestApplication(sources.toArray(Class<?>[]::new));
	}

	/**
	 * An application with RabbitMQ and without a database.
	 */
	static TestApplication onRabbit(Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(more));
		sources.add(Rabbit.class);
		return new TestApplication(sources.toArray(Class<?>[]::new)).with("spring.rabbitmq.host=127.0.0.1");
	}

	/**
	 * An application with all three kinds.
	 */
	static TestApplication onAll(Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(more));
		sources.add(All.class);
		return new TestApplication(sources.toArray(Class<?>[]::new)).with("spring.rabbitmq.host=127.0.0.1",
				"spring.data.redis.host=127.0.0.1");
	}

	/**
	 * An application with a database and Redis.
	 */
	static TestApplication onDatabaseAndRedis() {
		return new TestApplication(DatabaseAndRedis.class);
	}

	/**
	 * An application with all of Boot's and our auto-configuration, as far as the data
	 * source is concerned.
	 */
	static TestApplication automatic(Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(more));
		sources.add(Automatic.class);
		return new TestApplication(sources.toArray(Class<?>[]::new));
	}

	/**
	 * An application with one database and JPA.
	 */
	static TestApplication onJpa() {
		return new TestApplication(Jpa.class);
	}

	/**
	 * Adds command line arguments, without their dashes.
	 */
	TestApplication with(String... properties) {
		for (String property : properties) {
			this.arguments.add("--" + property);
		}
		return this;
	}

	TestApplication withDefault(String key, Object value) {
		this.defaults.put(key, value);
		return this;
	}

	TestApplication withVariable(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	SpringApplication application() {
		return this.application;
	}

	ConfigurableApplicationContext run() {
		if (!this.defaults.isEmpty()) {
			this.application.setDefaultProperties(this.defaults);
		}
		return this.application.run(this.arguments.toArray(String[]::new));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	static class Bare {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			excludeName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
					"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
					"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration",
					"org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration",
					"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration" })
	static class Automatic {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration",
			"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration" })
	static class Jpa {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
			"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration" })
	static class DatabaseAndRedis {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
			"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration" })
	static class Redis {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration",
			"org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration" })
	static class Rabbit {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
			"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration" })
	static class All {

	}

}
