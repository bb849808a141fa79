package io.poolwise.autoconfigure;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.CacheMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.SimpleRoutingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ThreadChannelConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.ConnectionFactoryCustomizer;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RabbitPoolAutoConfiguration}, without a broker: nothing listens on
 * port 1.
 */
@ExtendWith(OutputCaptureExtension.class)
class RabbitPoolAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class,
				RabbitAutoConfiguration.class))
		.withPropertyValues("spring.rabbitmq.host=127.0.0.1", "spring.rabbitmq.port=1", "pool.replicas=1");

	@Test
	void bootsFactoryIsSizedAndStaysTheBean() {
		this.runner.withPropertyValues("pool.rabbit.max-size=7").run((context) -> {
			CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
			assertThat(factory).isExactlyInstanceOf(CachingConnectionFactory.class);
			assertThat(factory.getChannelCacheSize()).isEqualTo(7);
			assertThat(context.getBean(RabbitTemplate.class).getConnectionFactory()).isSameAs(factory);
			assertThat(context.getBean(RabbitAdmin.class).getRabbitTemplate().getConnectionFactory()).isSameAs(factory);
			assertThat(context.getBean(PoolGovernor.class).pools()).singleElement().satisfies((report) -> {
				assertThat(report.name()).isEqualTo("rabbitConnectionFactory");
				assertThat(report.kind()).isEqualTo(PoolKind.RABBIT);
				assertThat(report.target().max()).isEqualTo(7);
			});
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			pool.rabbit.max-size=7                    | -                                       | 7
			-                                         | spring.rabbitmq.cache.channel.size=9    | 9
			-                                         | spring.rabbitmq.cache.channel.size=25   | 25
			pool.rabbit.max-size=7                    | spring.rabbitmq.cache.channel.size=9    | 7
			""")
	void anExplicitKeyOfOursWinsOverOneOfBootsOverTheProfile(String ours, String boots, int expected) {
		ApplicationContextRunner runner = this.runner;
		for (String property : new String[] { ours, boots }) {
			runner = (property != null) ? runner.withPropertyValues(property) : runner;
		}
		runner.run((context) -> assertThat(
				report(context.getBean(PoolGovernor.class), "rabbitConnectionFactory").target().max())
			.isEqualTo(expected));
	}

	@Test
	void switchedOffItLeavesBootsFactoryAlone() {
		for (String off : new String[] { "pool.rabbit.enabled=false", "pool.enabled=false" }) {
			this.runner.withPropertyValues(off, "pool.rabbit.max-size=7")
				.run((context) -> assertThat(context.getBean(CachingConnectionFactory.class).getChannelCacheSize())
					.isEqualTo(25));
		}
	}

	@Test
	void inADryRunBootsFactoryIsLeftAloneAndADecisionIsReported() {
		this.runner.withPropertyValues("pool.dry-run=true", "pool.rabbit.max-size=7").run((context) -> {
			assertThat(context.getBean(CachingConnectionFactory.class).getChannelCacheSize()).isEqualTo(25);
			assertThat(report(context.getBean(PoolGovernor.class), "rabbitConnectionFactory").target().max())
				.isEqualTo(7);
		});
	}

	@Test
	void withoutSpringAmqpItBacksOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(CachingConnectionFactory.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RabbitPoolAutoConfiguration.class));
	}

	@Test
	void withoutAConnectionFactoryItDoesNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, RabbitPoolAutoConfiguration.class))
			.run((context) -> assertThat(context.getBean(PoolGovernor.class).pools()).isEmpty());
	}

	@Test
	void severalFactoriesAreSeveralPools() {
		this.runner.withUserConfiguration(TwoFactories.class)
			.withPropertyValues("pool.rabbit.max-size=4")
			.run((context) -> {
				PoolGovernor governor = context.getBean(PoolGovernor.class);
				assertThat(governor.pools()).extracting(PoolReport::name)
					.containsExactlyInAnyOrder("orders", "invoices");
				assertThat(context.getBean("orders", CachingConnectionFactory.class).getChannelCacheSize())
					.isEqualTo(4);
			});
	}

	@Test
	void sizesInCodeWinOverTheProfile() {
		this.runner.withUserConfiguration(TwoFactories.class).run((context) -> {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			assertThat(report(governor, "invoices").target().max()).isEqualTo(3);
		});
	}

	@Test
	void factoryOfTheApplicationKeepsItsSizesUnlessAKeyOfOursSaysOtherwise() {
		this.runner.withUserConfiguration(TwoFactories.class).run((context) -> {
			assertThat(context.getBean("orders", CachingConnectionFactory.class).getChannelCacheSize()).isEqualTo(25);
			PoolReport report = report(context.getBean(PoolGovernor.class), "orders");
			assertThat(report.target().max()).isEqualTo(25);
			assertThat(report.reasons()).anySatisfy((reason) -> assertThat(reason).contains("its sizes stay"));
		});
		this.runner.withUserConfiguration(TwoFactories.class)
			.withPropertyValues("pool.rabbit.max-size=4")
			.run((context) -> assertThat(report(context.getBean(PoolGovernor.class), "orders").reasons())
				.anySatisfy((reason) -> assertThat(reason).contains("bounds idle channels only")));
	}

	@Test
	void keyThatIsGoneIsWarnedOf(CapturedOutput output) {
		this.runner.withPropertyValues("pool.rabbit.max-pending=3")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce("pool.rabbit.max-pending does nothing");
	}

	@Test
	void otherKindsOfFactoriesAreLeftAloneAndListed() {
		this.runner.withUserConfiguration(OtherFactories.class).run((context) -> {
			assertThat(context.getBean("other")).isExactlyInstanceOf(ThreadChannelConnectionFactory.class);
			assertThat(context.getBean(PoolGovernor.class).pools()).extracting(PoolReport::name)
				.containsExactly("governed");
			assertThat(context.getBean(PoolGovernor.class).ungoverned())
				.allSatisfy((pool) -> assertThat(pool.kind()).isEqualTo(PoolKind.RABBIT))
				.extracting(UngovernedPool::name, UngovernedPool::connections, UngovernedPool::why)
				.containsExactlyInAnyOrder(tuple("other", null, "it is a ThreadChannelConnectionFactory"),
						tuple("subclass", null, "it is a Subclass"),
						tuple("connections", null,
								"its cache mode is CONNECTION, for which Spring AMQP has no limit over all connections"),
						tuple("streams", null, "RabbitMQ Streams has connections of its own, without channels"));
		});
	}

	@ParameterizedTest
	@CsvSource({ "pool.rabbit.max-size, 0", "pool.rabbit.max-size, -1", "pool.rabbit.acquire-timeout, 0",
			"pool.rabbit.acquire-timeout, -5s", "pool.rabbit.budget.limit, 0", "pool.rabbit.budget.share, 1.5",
			"pool.rabbit.budget.reserve, 100%" })
	void aWrongValueStopsTheStartAndIsNamed(String key, String value) {
		this.runner.withPropertyValues(key + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(rootValue(failure)).isEqualTo(key)));
	}

	@Test
	void aCustomizersSettingsAndTheNameOfTheConnectionAreKept() {
		this.runner.withUserConfiguration(Customized.class).run((context) -> {
			CachingConnectionFactory factory = context.getBean(CachingConnectionFactory.class);
			assertThat(factory.getRabbitConnectionFactory().getRequestedHeartbeat()).isEqualTo(17);
			assertThat(factory.getPort()).isEqualTo(1);
			assertThat(factory.getHost()).isEqualTo("127.0.0.1");
		});
	}

	private static String rootValue(Throwable failure) {
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (each instanceof InvalidConfigurationPropertyValueException invalid) {
				return invalid.getName();
			}
		}
		throw new AssertionError("not refused for a value", failure);
	}

	private static PoolReport report(PoolGovernor governor, String name) {
		return governor.pool(name).orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoFactories {

		@Bean
		@Primary
		CachingConnectionFactory orders() {
			return new CachingConnectionFactory("127.0.0.1", 1);
		}

		@Bean
		ConnectionFactory invoices() {
			CachingConnectionFactory factory = new CachingConnectionFactory("127.0.0.1", 1);
			factory.setChannelCacheSize(3);
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherFactories {

		@Bean
		ConnectionFactory other() {
			return new ThreadChannelConnectionFactory(new com.rabbitmq.client.ConnectionFactory());
		}

		@Bean
		ConnectionFactory subclass() {
			return new Subclass();
		}

		@Bean
		@Primary
		ConnectionFactory routing(@Qualifier("governed") ConnectionFactory governed) {
			SimpleRoutingConnectionFactory routing = new SimpleRoutingConnectionFactory();
			routing.setDefaultTargetConnectionFactory(governed);
			return routing;
		}

		@Bean
		ConnectionFactory governed() {
			return new CachingConnectionFactory("127.0.0.1", 1);
		}

		@Bean
		ConnectionFactory connections() {
			CachingConnectionFactory factory = new CachingConnectionFactory("127.0.0.1", 1);
			factory.setCacheMode(CacheMode.CONNECTION);
			return factory;
		}

		@Bean
		com.rabbitmq.stream.Environment streams() {
			return mock(com.rabbitmq.stream.Environment.class);
		}

	}

	static class Subclass extends CachingConnectionFactory {

		Subclass() {
			super("127.0.0.1", 1);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		ConnectionFactoryCustomizer heartbeat() {
			return (client) -> client.setRequestedHeartbeat(17);
		}

	}

}
