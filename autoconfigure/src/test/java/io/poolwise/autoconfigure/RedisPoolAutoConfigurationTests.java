package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.lettuce.core.RedisURI;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.lettuce.GovernedLettuceConnectionFactory;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

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
					assertThat(pool.why()).contains("executor");
					assertThat(pool.connections()).isEqualTo(32);
				});
		});
	}

	@Test
	void listsFactoriesOfOtherLibraries() {
		this.runner.withBean("jedis", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
			.run((context) -> {
				await().atMost(Duration.ofSeconds(30))
					.until(() -> !context.getBean(PoolGovernor.class).ungoverned().isEmpty());
				assertThat(context.getBean(PoolGovernor.class).ungoverned()).singleElement().satisfies((pool) -> {
					assertThat(pool.name()).isEqualTo("jedis");
					assertThat(pool.kind()).isEqualTo(PoolKind.REDIS);
					assertThat(pool.connections()).isNull();
					assertThat(pool.why()).startsWith("it is a RedisConnectionFactory");
				});
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
	void aFactoryBehindAScopedProxyIsKnownByTheNameOfTheProxyAndGoesWithItsScope() {
		this.runner.withUserConfiguration(Scoped.class).run((context) -> {
			LettuceConnectionFactory proxy = context.getBean("scoped", LettuceConnectionFactory.class);
			SimpleScope scope = context.getBean(SimpleScope.class);
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(governor.pools()).isEmpty();
			assertThat(proxy.getPort()).isEqualTo(9);
			assertThat(governor.pools()).extracting(PoolReport::name).containsExactly("scoped");
			assertThat(governor.ungoverned()).isEmpty();
			scope.end();
			assertThat(governor.pools()).isEmpty();
			assertThat(proxy.isRunning()).isTrue();
			assertThat(governor.pools()).extracting(PoolReport::name).containsExactly("scoped");
		});
	}

	@Test
	void factoriesOfAParentAndAChildContextAreTwoPools() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withBean("redisConnectionFactory", LettuceConnectionFactory.class,
					() -> new LettuceConnectionFactory("localhost", 9))
			.run((child) -> {
				PoolGovernor governor = parent.getBean(PoolGovernor.class);
				assertThat(child.getBean(PoolGovernor.class)).isSameAs(governor);
				assertThat(governor.pools()).extracting(PoolReport::name)
					.containsExactly("redisConnectionFactory", "redisConnectionFactory-2");
			}));
	}

	@Test
	void destroysTheGovernedFactory() {
		this.runner.run((context) -> {
			GovernedLettuceConnectionFactory factory = context.getBean(GovernedLettuceConnectionFactory.class);
			context.close();
			assertThat(factory.isRunning()).isFalse();
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
		LettuceConnectionFactory cluster() {
			return new LettuceConnectionFactory(new RedisClusterConfiguration(List.of("localhost:9")),
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

	@Configuration(proxyBeanMethods = false)
	static class Scoped {

		@Bean
		static SimpleScope simpleScope() {
			return new SimpleScope();
		}

		@Bean
		@Scope(scopeName = "simple", proxyMode = ScopedProxyMode.TARGET_CLASS)
		LettuceConnectionFactory scoped() {
			return new LettuceConnectionFactory("localhost", 9);
		}

	}

	static class SimpleScope implements org.springframework.beans.factory.config.Scope, BeanFactoryPostProcessor {

		private final Map<String, Object> objects = new HashMap<>();

		private final Map<String, Runnable> callbacks = new HashMap<>();

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			beanFactory.registerScope("simple", this);
		}

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			Object object = this.objects.get(name);
			if (object == null) {
				object = objectFactory.getObject();
				this.objects.put(name, object);
			}
			return object;
		}

		@Override
		public Object remove(String name) {
			return this.objects.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			this.callbacks.put(name, callback);
		}

		void end() {
			this.objects.clear();
			this.callbacks.values().forEach(Runnable::run);
			this.callbacks.clear();
		}

	}

	static class Subclass extends LettuceConnectionFactory {

		Subclass() {
			super("localhost", 9);
		}

	}

}
