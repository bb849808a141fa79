package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.actuate.env.EnvironmentEndpoint.EnvironmentEntryDescriptor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProfileDefaults}, added as an application starts.
 */
class ProfileDefaultsTests {

	private static final String EXPOSURE = "management.endpoints.web.exposure.include";

	@ParameterizedTest
	@CsvSource(textBlock = """
			pool.database.min-size,              5,      10,              2
			pool.database.max-size,              20,     50,              5
			pool.database.acquire-timeout,       10s,    10s,             5s
			pool.database.warm-up.enabled,       false,  true,            false
			pool.database.warm-up.timeout,       30s,    30s,             30s
			pool.database.warm-up.rate,          200,    200,             200
			pool.redis.warm-up.enabled,          false,  true,            false
			pool.redis.warm-up.timeout,          30s,    30s,             30s
			pool.rabbit.warm-up.enabled,         false,  true,            false
			pool.rabbit.warm-up.timeout,         30s,    30s,             30s
			pool.database.max-overflow,          0,      0,               0
			pool.database.max-queries,           50000,  50000,           10000
			pool.database.max-pending,           0,      0,               0
			pool.database.leak-detection-threshold, 120s, 0,              60s
			pool.redis.max-pending,              0,      0,               0
			pool.database.command-timeout,       60s,    60s,             30s
			pool.database.max-inactive-lifetime, 300s,   300s,            60s
			pool.database.init-sql,              ,       ,
			pool.database.budget.limit,          ,       ,
			pool.database.budget.share,          1.0,    1.0,             1.0
			pool.database.budget.reserve,        10%,    10%,             0
			pool.database.budget.on-exceed,      clamp,  clamp,           clamp
			pool.redis.min-size,                 2,      10,              1
			pool.redis.max-size,                 20,     100,             5
			pool.redis.acquire-timeout,          5s,     5s,              5s
			pool.redis.command-timeout,          5s,     5s,              5s
			pool.redis.budget.limit,             ,       ,
			pool.redis.budget.share,             1.0,    1.0,             1.0
			pool.redis.budget.reserve,           10%,    10%,             0
			pool.redis.budget.on-exceed,         clamp,  clamp,           clamp
			pool.rabbit.max-size,                10,     50,              5
			pool.rabbit.acquire-timeout,         5s,     5s,              5s
			pool.rabbit.budget.limit,            ,       ,
			pool.rabbit.budget.share,            1.0,    1.0,             1.0
			pool.rabbit.budget.reserve,          10%,    10%,             0
			pool.rabbit.budget.on-exceed,        clamp,  clamp,           clamp
			pool.rabbit.management.url,          ,       ,
			pool.replicas,                       1,      ,                1
			pool.max-surge,                      0,      25%,             0
			pool.leases.mode,                    off,    auto,            off
			pool.endpoints.show-details,         always, when-authorized, always
			""")
	void eachProfileSaysWhatTheDesignPromises(String key, String dev, String prod, String test) {
		assertThat(valueInActuator(key, "dev")).isEqualTo(dev);
		assertThat(valueInActuator(key, "prod")).isEqualTo(prod);
		assertThat(valueInActuator(key, "test")).isEqualTo(test);
	}

	private static Object valueInActuator(String key, String profile) {
		try (ConfigurableApplicationContext context = TestApplication.bare().with("pool.profile=" + profile).run()) {
			EnvironmentEntryDescriptor entry = new EnvironmentEndpoint(context.getEnvironment(), List.of(), Show.ALWAYS)
				.environmentEntry(key);
			if (entry.getProperty() == null) {
				return null;
			}
			assertThat(entry.getProperty().getSource()).isEqualTo(DefaultPropertiesPropertySource.NAME);
			return entry.getProperty().getValue();
		}
	}

	@Test
	void actuatorTellsWhichProfileAValueComesFrom() {
		try (ConfigurableApplicationContext context = TestApplication.bare().with("pool.profile=prod").run()) {
			EnvironmentEntryDescriptor entry = new EnvironmentEndpoint(context.getEnvironment(), List.of(), Show.ALWAYS)
				.environmentEntry("pool.database.max-size");
			assertThat(entry.getPropertySources().get(entry.getPropertySources().size() - 1).getProperty().getOrigin())
				.isEqualTo("profile prod");
		}
	}

	@Test
	void everyValueOfEveryProfileBindsAndMakesSense() {
		for (PoolProfile profile : PoolProfile.values()) {
			try (ConfigurableApplicationContext context = TestApplication.onH2()
				.with("pool.profile=" + profile.id(), "pool.replicas=1")
				.run()) {
				PoolProperties properties = context.getBean(PoolProperties.class);
				assertThat(properties.database().maxSize()).isPositive();
				assertThat(properties.database().acquireTimeout()).isGreaterThan(Duration.ZERO);
				assertThat(context.getBean(PoolGovernor.class).pools()).hasSize(1);
			}
		}
	}

	@Test
	void applicationPropertiesWin() {
		assertThat(maxSize(TestApplication.bare()
			.with("spring.config.location=classpath:/io/poolwise/autoconfigure/max-size-77.properties"))).isEqualTo(77);
	}

	@Test
	void environmentVariableWins() {
		assertThat(maxSize(TestApplication.bare().withVariable("POOL_DATABASE_MAX_SIZE", "100"))).isEqualTo(100);
		assertThat(maxSize(TestApplication.bare().withVariable("POOL_DATABASE_MAXSIZE", "101"))).isEqualTo(101);
	}

	@Test
	void commandLineWins() {
		assertThat(maxSize(TestApplication.bare()
			.with("spring.config.location=classpath:/io/poolwise/autoconfigure/max-size-77.properties")
			.with("pool.database.maxSize=78"))).isEqualTo(78);
	}

	@Test
	void jsonWins() {
		assertThat(maxSize(TestApplication.bare()
			.withVariable("SPRING_APPLICATION_JSON", "{\"pool\":{\"database\":{\"max-size\":79}}}"))).isEqualTo(79);
	}

	@Test
	void propertySourceAnnotationWins() {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(AnnotatedWithPropertySource.class)
			.web(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = builder.run()) {
			assertThat(maxSize(context)).isEqualTo(77);
			assertThat(explicitMaxSize(context)).isEqualTo(77);
			assertThat(names(context)).last().isEqualTo(DefaultPropertiesPropertySource.NAME);
		}
	}

	@ParameterizedTest
	@CsvSource({ "pool.database.max-size", "pool.database.maxSize", "pool.database.max_size",
			"POOL.DATABASE.MAX-SIZE" })
	void defaultPropertyOfTheApplicationWins(String key) {
		TestApplication application = TestApplication.bare().withDefault(key, 33).withDefault("app.color", "red");
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(maxSize(context)).isEqualTo(33);
			assertThat(explicitMaxSize(context)).isEqualTo(33);
			assertThat(context.getEnvironment().getProperty("app.color")).isEqualTo("red");
			assertThat(context.getEnvironment().getProperty("pool.database.min-size")).isEqualTo("5");
			assertThat(explicit(context, "pool.database.min-size")).isNull();
		}
	}

	@Test
	void defaultPropertiesThatAreNoMapSurvive() {
		MutablePropertySources sources = new MutablePropertySources();
		sources.addLast(new org.springframework.core.env.EnumerablePropertySource<Object>(
				DefaultPropertiesPropertySource.NAME, new Object()) {

			@Override
			public String[] getPropertyNames() {
				return new String[] { "app.color" };
			}

			@Override
			public Object getProperty(String name) {
				return name.equals("app.color") ? "red" : null;
			}

		});
		ProfileDefaults.addTo(sources, PoolProfile.DEV, true);
		assertThat(sources.get(DefaultPropertiesPropertySource.NAME).getProperty("app.color")).isEqualTo("red");
	}

	@Test
	void secondRunInTheSameEnvironmentKeepsDefaultsApartFromWhatSomebodySet() {
		StandardEnvironment environment = new StandardEnvironment();
		SpringApplicationBuilder builder = new SpringApplicationBuilder(TestApplication.Bare.class)
			.environment(environment)
			.web(WebApplicationType.NONE);
		builder.properties("app.color=red").run("--pool.profile=dev").close();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(TestApplication.Bare.class)
			.environment(environment)
			.web(WebApplicationType.NONE)
			.properties("app.size=large", "pool.database.min-size=3")
			.run("--pool.profile=prod")) {
			assertThat(maxSize(context)).isEqualTo(50);
			assertThat(explicitMaxSize(context)).isNull();
			assertThat(context.getEnvironment().getProperty("pool.replicas")).isNull();
			assertThat(explicit(context, "pool.database.min-size")).isEqualTo("3");
			assertThat(context.getEnvironment().getProperty("app.color")).isEqualTo("red");
			assertThat(context.getEnvironment().getProperty("app.size")).isEqualTo("large");
		}
	}

	@Test
	void defaultsThatAnotherEnvironmentHandsOverStayDefaults() {
		// as Spring Cloud's bootstrap context does: what is missing is copied
		MutablePropertySources bootstrap = new MutablePropertySources();
		ProfileDefaults.addTo(bootstrap, PoolProfile.DEV, true);
		TestApplication application = TestApplication.bare().with("pool.profile=prod").withDefault("app.color", "red");
		Map<?, ?> handedOver = (Map<?, ?>) bootstrap.get(DefaultPropertiesPropertySource.NAME).getSource();
		handedOver.forEach((key, value) -> application.withDefault((String) key, value));
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(maxSize(context)).isEqualTo(50);
			assertThat(explicitMaxSize(context)).isNull();
			assertThat(context.getEnvironment().getProperty("pool.replicas")).isNull();
			assertThat(context.getEnvironment().getProperty("app.color")).isEqualTo("red");
		}
	}

	@Test
	void placeholdersMayNameADefault() {
		assertThat(maxSize(
				TestApplication.bare().with("pool.profile=prod", "app.half=25", "pool.database.max-size=${app.half}")))
			.isEqualTo(25);
		try (ConfigurableApplicationContext context = TestApplication.bare()
			.with("pool.profile=prod", "app.size=${pool.database.max-size}")
			.run()) {
			assertThat(context.getEnvironment().getProperty("app.size", Integer.class)).isEqualTo(50);
		}
	}

	@Test
	void endpointsAreExposedByDefault() {
		assertThat(exposed(TestApplication.bare())).containsExactlyInAnyOrder("health", "prometheus", "dbpool",
				"pools");
	}

	@Test
	void exposureOfTheApplicationWins() {
		assertThat(exposed(TestApplication.bare().with(EXPOSURE + "=info"))).containsExactly("info");
		assertThat(exposed(TestApplication.bare().with(EXPOSURE + "[0]=info"))).containsExactly("info");
		assertThat(exposed(TestApplication.bare().withDefault(EXPOSURE, "info"))).containsExactly("info");
		assertThat(exposed(TestApplication.bare().withDefault(EXPOSURE + "[0]", "info"))).containsExactly("info");
	}

	@Test
	void exposureCanBeLeftToBoot() {
		assertThat(exposed(TestApplication.bare().with("pool.endpoints.expose=false"))).isNull();
		assertThat(exposed(TestApplication.bare().withVariable("POOL_ENDPOINTS_EXPOSE", "false"))).isNull();
	}

	@Test
	void switchedOffNothingIsAddedAndNoBeanIsMade() {
		try (ConfigurableApplicationContext context = TestApplication.onH2().with("pool.enabled=false").run()) {
			Environment environment = context.getEnvironment();
			assertThat(environment.getProperty("pool.database.max-size")).isNull();
			assertThat(environment.getProperty(EXPOSURE)).isNull();
			assertThat(names(context)).doesNotContain(DefaultPropertiesPropertySource.NAME);
			assertThat(context.getBean(DataSource.class).getClass().getName())
				.isEqualTo("com.zaxxer.hikari.HikariDataSource");
			assertThat(context.getBeanDefinitionNames())
				.allSatisfy((name) -> assertThat(String.valueOf(context.getType(name)))
					.doesNotMatch(".*io\\.poolwise\\.(?!autoconfigure\\.TestApp).*"));
		}
	}

	@Test
	void switchedOffByAVariableNothingIsAdded() {
		try (ConfigurableApplicationContext context = TestApplication.bare()
			.withVariable("POOL_ENABLED", "false")
			.run()) {
			assertThat(names(context)).doesNotContain(DefaultPropertiesPropertySource.NAME);
		}
	}

	@Test
	void databasePoolsCanBeLeftAlone() {
		try (ConfigurableApplicationContext context = TestApplication.onH2()
			.with("pool.database.enabled=false")
			.run()) {
			assertThat(context.getBean(DataSource.class).getClass().getName())
				.isEqualTo("com.zaxxer.hikari.HikariDataSource");
			assertThat(context.getBean(PoolGovernor.class).pools()).isEmpty();
		}
	}

	@Test
	void sourcesThatComeLaterStandAboveTheDefaults() {
		try (ConfigurableApplicationContext context = TestApplication.bare().run()) {
			ConfigurableEnvironment environment = context.getEnvironment();
			PoolKeys keys = new PoolKeys(environment);
			assertThat(keys.explicit("pool.database.max-size", Integer.class)).isEmpty();
			environment.getPropertySources()
				.addFirst(new MapPropertySource("later", Map.of("pool.database.max-size", "42")));
			assertThat(keys.explicit("pool.database.max-size", Integer.class).orElseThrow().value()).isEqualTo(42);
			assertThat(keys.find("pool.database.max-size", Integer.class).orElseThrow().value()).isEqualTo(42);
		}
	}

	private static List<String> names(ConfigurableApplicationContext context) {
		return context.getEnvironment()
			.getPropertySources()
			.stream()
			.map(org.springframework.core.env.PropertySource::getName)
			.toList();
	}

	private static List<String> exposed(TestApplication application) {
		try (ConfigurableApplicationContext context = application.run()) {
			return Binder.get(context.getEnvironment()).bind(EXPOSURE, Bindable.listOf(String.class)).orElse(null);
		}
	}

	private static Integer maxSize(TestApplication application) {
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(explicitMaxSize(context)).isNotNull();
			return maxSize(context);
		}
	}

	private static Integer maxSize(ConfigurableApplicationContext context) {
		return new PoolKeys(context.getEnvironment()).find("pool.database.max-size", Integer.class)
			.orElseThrow()
			.value();
	}

	private static Integer explicitMaxSize(ConfigurableApplicationContext context) {
		return new PoolKeys(context.getEnvironment()).explicit("pool.database.max-size", Integer.class)
			.map(Setting::value)
			.orElse(null);
	}

	private static String explicit(ConfigurableApplicationContext context, String key) {
		return new PoolKeys(context.getEnvironment()).explicit(key, String.class).map(Setting::value).orElse(null);
	}

	@Configuration(proxyBeanMethods = false)
	@PropertySource("classpath:/io/poolwise/autoconfigure/max-size-77.properties")
	static class AnnotatedWithPropertySource {

	}

}
