package io.poolwise.autoconfigure;

import java.sql.Connection;

import javax.sql.DataSource;

import io.micrometer.core.instrument.logging.LoggingMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.actuate.UsageMeter;
import io.poolwise.actuate.UsageTotals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the advice rests on beyond counts: the timers that a real HikariCP
 * keeps.
 */
class UsageMeterTests {

	@ParameterizedTest
	@ValueSource(classes = { Nothing.class, InMemory.class, PushedBesides.class })
	void usesAndWaitsAreReadWhereSumsAreKept(Class<?> registries) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.onH2(registries).run()) {
			UsageMeter meter = context.getBean(UsageMeter.class);
			borrow(context);
			UsageTotals first = meter.read("primary");
			assertThat(first).isNotNull();
			assertThat(first.completed()).isPositive();
			assertThat(first.waitedNanos()).isPositive();
			borrow(context);
			borrow(context);
			UsageTotals second = meter.read("primary");
			assertThat(second.completed()).isGreaterThanOrEqualTo(first.completed() + 2);
			assertThat(second.heldNanos()).isGreaterThanOrEqualTo(first.heldNanos());
			assertThat(second.waitedNanos()).isGreaterThan(first.waitedNanos());
			assertThat(meter.read("another")).isNull();
		}
	}

	@Test
	void registryThatPushesIsNotRead() throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.onH2(Pushed.class)
			.with("management.prometheus.metrics.export.enabled=false",
					"management.simple.metrics.export.enabled=false")
			.run()) {
			borrow(context);
			assertThat(context.getBean(UsageMeter.class).read("primary")).isNull();
		}
	}

	@Test
	void poolThatHasNotStartedHasNoSums() {
		try (ConfigurableApplicationContext context = TestApplication.onH2().run()) {
			assertThat(context.getBean(UsageMeter.class).read("primary")).isNull();
		}
	}

	@Test
	void timersThatAreSwitchedOffAreNotThere() throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.onH2()
			.with("management.metrics.enable.hikaricp=false")
			.run()) {
			borrow(context);
			assertThat(context.getBean(UsageMeter.class).read("primary")).isNull();
		}
	}

	@Test
	void meterOfTheApplicationWins() {
		try (ConfigurableApplicationContext context = TestApplication.onH2(Own.class).run()) {
			assertThat(context.getBean(UsageMeter.class).read("any")).isEqualTo(new UsageTotals(1, 2, 3));
		}
	}

	private static void borrow(ConfigurableApplicationContext context) throws Exception {
		try (Connection connection = context.getBean(DataSource.class).getConnection()) {
			assertThat(connection.isValid(10)).isTrue();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	@Configuration(proxyBeanMethods = false)
	static class InMemory {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Pushed {

		@Bean
		LoggingMeterRegistry pushed() {
			return new LoggingMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PushedBesides extends Pushed {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		UsageMeter meter() {
			return (pool) -> new UsageTotals(1, 2, 3);
		}

	}

}
