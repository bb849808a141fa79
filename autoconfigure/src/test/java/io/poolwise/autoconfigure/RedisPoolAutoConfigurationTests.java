package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.lettuce.core.RedisURI;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisPoolAutoConfiguration}, without a server.
 */
class RedisPoolAutoConfigurationTests {

	// nothing listens on the discard port of loopback
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RedisPoolAutoConfiguration.class,
				DataRedisAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.port=9", "pool.replicas=1", "pool.redis.min-size=1",
				"pool.redis.max-size=6");

	@Test
	void putsAGovernedFactoryInThePlaceOfBoots() {
		this.runner.run((context) -> {
			assertThat(context).getBean(LettuceConnectionFactory.class)
				.isInstanceOf(GovernedLettuceConnectionFactory.class)
				.isSameAs(context.getBean(StringRedisTemplate.class).getConnectionFactory());
			assertThat(pool(context, "redisConnectionFactory").target()).isEqualTo(PoolSize.of(1, 6));
			assertThat(context.getBean(LettuceConnectionFactory.class).isRunning()).isTrue();
		});
	}

	@ParameterizedTest
	@CsvSource({ "pool.enabled=false", "pool.redis.enabled=false", "pool.dry-run=true",
			"spring.data.redis.lettuce.pool.enabled=false", "spring.data.redis.client-type=jedis" })
	void leavesBootsFactoryAloneWhereItIsToldTo(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(GovernedLettuceConnectionFactory.class));
	}

	@Test
	void backsOffWithoutTheLibraries() {
		for (Class<?> missing : List.of(LettuceConnectionFactory.class, GenericObjectPoolConfig.class)) {
			this.runner.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisPoolFactory.class));
		}
	}

	@Test
	void governsTheApplicationsOwnFactories() {
		this.runner.withUserConfiguration(TwoFactories.class).run((context) -> {
			assertThat(context.getBeansOfType(GovernedLettuceConnectionFactory.class)).containsOnlyKeys("sessions",
					"cache");
			assertThat(context.getBean("cache", LettuceConnectionFactory.class).getDatabase()).isEqualTo(3);
			assertThat(context.getBean(RedisConnectionFactory.class)).isSameAs(context.getBean("sessions"));
		});
	}

	@Test
	void leavesAloneWhatItCannotReplaceAndSaysSo() {
		this.runner.withUserConfiguration(Irreplaceable.class).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(GovernedLettuceConnectionFactory.class);
			await().atMost(Duration.ofSeconds(10))
				.until(() -> context.getBean(PoolGovernor.class).ungoverned().size() == 2);
			assertThat(context.getBean(PoolGovernor.class).ungoverned())
				.anySatisfy((pool) -> assertThat(pool.why()).contains("Subclass"))
				.anySatisfy((pool) -> {
					assertThat(pool.why()).contains("static replicas");
					assertThat(pool.connections()).isEqualTo(32);
				});
			assertThat(context.getBean("replicas", LettuceConnectionFactory.class).getDatabase()).isZero();
		});
	}

	@Test
	void aStandaloneConfigurationThatCameByItsInterfaceIsNoStaticReplica() {
		this.runner.withUserConfiguration(ByInterface.class)
			.run((context) -> assertThat(context).getBean(GovernedLettuceConnectionFactory.class)
				.extracting(LettuceConnectionFactory::getPort)
				.isEqualTo(19));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			pool.redis.max-size=9                      | spring.data.redis.lettuce.pool.max-active=7 | 9
			pool.redis.min-size=0                      | spring.data.redis.lettuce.pool.max-active=8 | 6
			pool.redis.min-size=0                      | spring.data.redis.lettuce.pool.max-active=-1 | 6
			""")
	void explicitKeysOfOursBeatThoseOfBoot(String ours, String boots, int max) {
		this.runner.withPropertyValues(ours, boots)
			.run((context) -> assertThat(pool(context, "redisConnectionFactory").target().max()).isEqualTo(max));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			pool.redis.max-size=0            | A pool needs at least 1 connection
			pool.redis.min-size=-1           | fewer than 0
			pool.redis.min-size=7            | above the maximum of 6
			pool.redis.acquire-timeout=0     | above 0
			pool.redis.command-timeout=-1s   | above 0
			pool.redis.budget.limit=0        | at least 1
			pool.redis.budget.share=1.1      | above 0 and at most 1
			pool.redis.budget.reserve=100%   | below 100%
			""")
	void aValueThatMakesNoSenseStopsTheStart(String property, String reason) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining(InvalidConfigurationPropertyValueException.class.getSimpleName())
				.hasStackTraceContaining(reason));
	}

	@Test
	void theCommandTimeoutYieldsToBootsKeyAndToCustomizers() {
		Consumer<AssertableApplicationContext> five = (context) -> assertThat(timeout(context))
			.isEqualTo(Duration.ofSeconds(5));
		this.runner.run((context) -> assertThat(timeout(context)).isEqualTo(RedisURI.DEFAULT_TIMEOUT_DURATION));
		this.runner.withPropertyValues("pool.redis.command-timeout=5s").run(five::accept);
		this.runner.withPropertyValues("spring.data.redis.timeout=7s")
			.run((context) -> assertThat(timeout(context)).isEqualTo(Duration.ofSeconds(7)));
		this.runner.withPropertyValues("spring.data.redis.timeout=7s", "pool.redis.command-timeout=5s")
			.run(five::accept);
		this.runner.withPropertyValues("pool.redis.command-timeout=5s")
			.withBean(LettuceClientConfigurationBuilderCustomizer.class,
					() -> (builder) -> builder.commandTimeout(Duration.ofSeconds(9)))
			.run((context) -> assertThat(timeout(context)).isEqualTo(Duration.ofSeconds(9)));
	}

	@Test
	void destroysTheGovernedFactoryAndDismissesItsPool() {
		this.runner.run((context) -> {
			GovernedLettuceConnectionFactory factory = context.getBean(GovernedLettuceConnectionFactory.class);
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			context.close();
			assertThat(factory.isRunning()).isFalse();
			assertThat(governor.pools()).isEmpty();
		});
	}

	@Test
	void stopsAndStartsWithTheContext() {
		this.runner.run((context) -> {
			GovernedLettuceConnectionFactory factory = context.getBean(GovernedLettuceConnectionFactory.class);
			context.stop();
			assertThat(factory.isRunning()).isFalse();
			context.start();
			assertThat(factory.isRunning()).isTrue();
		});
	}

	private static PoolReport pool(AssertableApplicationContext context, String name) {
		return context.getBean(PoolGovernor.class).pool(name).orElseThrow();
	}

	private static Duration timeout(AssertableApplicationContext context) {
		return context.getBean(LettuceConnectionFactory.class).getClientConfiguration().getCommandTimeout();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoFactories {

		@Bean
		@Primary
		RedisConnectionFactory sessions() {
			return new LettuceConnectionFactory("localhost", 9);
		}

		@Bean
		LettuceConnectionFactory cache() {
			RedisStandaloneConfiguration address = new RedisStandaloneConfiguration("localhost", 9);
			address.setDatabase(3);
			LettuceConnectionFactory factory = new LettuceConnectionFactory(address,
					LettucePoolingClientConfiguration.defaultConfiguration());
			factory.afterPropertiesSet();
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Irreplaceable {

		@Bean
		@Primary
		LettuceConnectionFactory subclass() {
			return new Subclass();
		}

		@Bean
		LettuceConnectionFactory replicas() {
			RedisStaticMasterReplicaConfiguration addresses = new RedisStaticMasterReplicaConfiguration("localhost", 9);
			return new LettuceConnectionFactory((RedisConfiguration) addresses,
					LettucePoolingClientConfiguration.defaultConfiguration());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByInterface {

		@Bean
		LettuceConnectionFactory factory() {
			RedisConfiguration address = new RedisStandaloneConfiguration("localhost", 19);
			return new LettuceConnectionFactory(address);
		}

	}

	static class Subclass extends LettuceConnectionFactory {

		Subclass() {
			super("localhost", 9);
		}

	}

}
