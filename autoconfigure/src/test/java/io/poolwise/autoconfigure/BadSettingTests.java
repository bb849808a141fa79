package io.poolwise.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests of what somebody reads whose setting makes no sense.
 */
@ExtendWith(OutputCaptureExtension.class)
class BadSettingTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					pool.database.max-size=0                  | A pool needs at least 1 connection. To leave the pool alone, set pool.database.enabled=false.
					pool.database.max-size=-1                 | A pool needs at least 1 connection.
					pool.database.min-size=-1                 | A pool can't keep fewer than 0 connections. Use 0 to keep none.
					pool.database.min-size=30                 | It is above the maximum of 20 (pool.database.max-size from profile dev). Lower it, or raise pool.database.max-size.
					pool.database.max-overflow=-1             | A pool can't have fewer than 0 connections above its maximum. Use 0 to have none.
					pool.database.pools.primary.max-overflow=-1 | A pool can't have fewer than 0 connections above its maximum.
					pool.database.warm-up.timeout=0           | The least is 1ms. To open nothing ahead, switch warm-up.enabled off.
					pool.database.warm-up.rate=0              | The least is 1 connect a second.
					pool.database.pools.primary.warm-up.rate=-1 | The least is 1 connect a second.
					pool.redis.warm-up.timeout=-1s            | The least is 1ms.
					pool.rabbit.warm-up.timeout=0             | The least is 1ms.
					pool.database.max-queries=-1              | A connection can't run fewer than 0 statements. Use 0 to recycle none.
					pool.database.acquire-timeout=0           | The least is 250ms.
					pool.database.acquire-timeout=-1s         | The least is 250ms.
					pool.database.acquire-timeout=249ms       | The least is 250ms. HikariCP would quietly use another value below that.
					pool.database.acquire-timeout=25d         | The most is 24d.
					pool.database.max-pending=-1              | Fewer than 0 callers can't wait. Use 0 to let any number wait.
					pool.database.pools.primary.max-pending=-2 | Fewer than 0 callers can't wait.
					pool.redis.max-pending=-1                 | Fewer than 0 callers can't wait.
					pool.database.leak-detection-threshold=1s | The least is 2000ms. HikariCP would quietly look for no leaks below that. Use 0 to look for none.
					pool.database.leak-detection-threshold=31m | It is above the longest life of a connection, 1800000ms, so that HikariCP would quietly look for no leaks. Lower it.
					pool.database.command-timeout=0           | The least is 1ms. If statements may take any time, use a long one, such as 1d.
					pool.database.command-timeout=-1s         | The least is 1ms.
					pool.database.command-timeout=99999999999999d | The most is 24d.
					pool.database.max-inactive-lifetime=0     | The least is 10000ms. HikariCP would quietly use another value below that.
					pool.database.max-inactive-lifetime=9s    | The least is 10000ms.
					pool.database.max-lifetime=0              | The least is 30000ms.
					pool.database.max-lifetime=29s            | The least is 30000ms. HikariCP would quietly use another value below that.
					pool.database.budget.share=0              | A share is above 0 and at most 1
					pool.database.budget.share=-0.5           | A share is above 0 and at most 1
					pool.database.budget.share=1.01           | A share is above 0 and at most 1, with at most 18 decimals: 0.5 is half of the budget.
					pool.database.budget.share=1e-19          | A share is above 0 and at most 1, with at most 18 decimals
					pool.database.budget.limit=0              | A server grants at least 1 connection. Leave the key out to ask the server.
					pool.database.budget.reserve=100%         | A reserve must be less than 100% of the limit, or nothing is left to open, but was '100%'.
					pool.database.budget.reserve=-1           | Use a number of connections, or a percentage below 100%, such as 10%.
					pool.database.budget.reserve=some         | A reserve must be a whole number such as 10 or a percentage such as 12.5%, but was 'some'.
					pool.redis.max-size=0                     | A pool needs at least 1 connection. To leave the pool alone, set pool.redis.enabled=false.
					pool.redis.min-size=-1                    | A pool can't keep fewer than 0 connections. Use 0 to keep none.
					pool.redis.max-size=-1                    | A pool needs at least 1 connection.
					pool.redis.acquire-timeout=0              | A timeout is above 0, such as 5s.
					pool.redis.acquire-timeout=-1s            | A timeout is above 0, such as 5s.
					pool.redis.command-timeout=0              | A timeout is above 0, such as 5s.
					pool.redis.command-timeout=-5s            | A timeout is above 0, such as 5s.
					pool.redis.budget.share=0                 | A share is above 0 and at most 1
					pool.redis.budget.share=1.01              | A share is above 0 and at most 1
					pool.redis.budget.limit=0                 | A server grants at least 1 connection. Leave the key out to ask the server.
					pool.redis.budget.reserve=100%            | A reserve must be less than 100% of the limit
					pool.rabbit.max-size=0                    | A pool needs at least 1 channel. To leave the pools alone, set pool.rabbit.enabled=false.
					pool.rabbit.max-size=-1                   | A pool needs at least 1 channel.
					pool.rabbit.acquire-timeout=0             | The least is 1ms.
					pool.rabbit.acquire-timeout=-1s           | The least is 1ms.
					pool.rabbit.budget.share=0                | A share is above 0 and at most 1
					pool.rabbit.budget.limit=0                | A server grants at least 1 connection. Leave the key out to ask the server.
					pool.rabbit.budget.reserve=100%           | A reserve must be less than 100% of the limit
					pool.replicas=0                           | A fleet has at least 1 instance. Leave the key out if the number is not known.
					pool.replicas=-3                          | A fleet has at least 1 instance.
					pool.max-surge=-1                         | Use a number of instances, or a percentage of the replicas, such as 25%.
					pool.max-surge=lots                       | A surge must be a whole number such as 10 or a percentage such as 12.5%, but was 'lots'.
					pool.database.pools.primary.max-size=0    | A pool needs at least 1 connection.
					pool.database.pools.primary.min-size=21   | It is above the maximum of 20 (pool.database.max-size from profile dev).
					pool.database.pools.primary.acquire-timeout=1ms | The least is 250ms.
					pool.database.pools.primary.budget.share=2 | A share is above 0 and at most 1
					""")
	void valueThatMakesNoSenseStopsTheStart(String property, String reason, CapturedOutput output) {
		fail(property);
		String key = property.substring(0, property.indexOf('='));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '" + property.substring(key.length() + 1) + "' for configuration property '" + key
					+ "' (originating from '\"" + key + "\" from property source \"commandLineArgs\"')")
			.contains(reason);
	}

	@Test
	void fleetThatCannotBeCountedStopsTheStart(CapturedOutput output) {
		fail("pool.replicas=2147483647", "pool.max-surge=1");
		assertThat(output).contains("Invalid value '2147483647' for configuration property 'pool.replicas'")
			.contains("Lower it, or pool.max-surge.");
	}

	@ParameterizedTest
	@CsvSource({ "pool.database.max-size, abc", "pool.database.min-size, 1.5", "pool.database.max-size, 99999999999",
			"pool.database.acquire-timeout, fast", "pool.database.command-timeout, 5 lightyears",
			"pool.database.budget.limit, many", "pool.database.budget.share, half", "pool.replicas, three",
			"pool.database.pools.other.max-size, abc", "pool.enabled, maybe", "pool.endpoints.expose, maybe",
			"pool.database.enabled, maybe", "pool.dry-run, maybe", "pool.redis.max-size, abc",
			"pool.redis.min-size, 1.5", "pool.redis.acquire-timeout, fast", "pool.redis.command-timeout, 5 lightyears",
			"pool.redis.budget.limit, many", "pool.redis.budget.share, half", "pool.redis.enabled, maybe",
			"pool.rabbit.max-size, abc", "pool.rabbit.acquire-timeout, fast", "pool.rabbit.budget.limit, many",
			"pool.rabbit.budget.share, half", "pool.rabbit.enabled, maybe", "pool.database.post-mortem, maybe",
			"pool.database.max-pending, few", "pool.database.max-overflow, some", "pool.database.max-queries, 1.5",
			"pool.database.warm-up.enabled, maybe", "pool.database.warm-up.timeout, long",
			"pool.database.warm-up.rate, fast", "pool.redis.warm-up.enabled, maybe",
			"pool.rabbit.warm-up.timeout, long", "pool.web.problemdetails.enabled, maybe" })
	void malformedValueStopsTheStart(String key, String value, CapturedOutput output) {
		fail(key + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: " + key)
			.contains("Value: \"" + value + "\"")
			.contains("Origin: \"" + key + "\" from property source \"commandLineArgs\"");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			pool.database.budget.on-exceed, CLAMP, FAIL
			pool.redis.budget.on-exceed, CLAMP, FAIL
			pool.rabbit.budget.on-exceed, CLAMP, FAIL
			pool.leases.mode, AUTO, OFF
			pool.endpoints.show-details, NEVER, WHEN_AUTHORIZED
			""")
	void unknownWordStopsTheStartAndTellsTheKnownOnes(String key, String word, String another, CapturedOutput output) {
		fail(key + "=perhaps");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: " + key)
			.contains("Value: \"perhaps\"")
			.contains("The following values are valid:")
			.contains("    " + word)
			.contains("    " + another);
	}

	@Test
	void minimumAboveAnExplicitMaximumNamesBoth(CapturedOutput output) {
		fail("pool.database.min-size=9", "pool.database.pools.primary.max-size=8");
		assertThat(output).contains("Invalid value '9' for configuration property 'pool.database.min-size'")
			.contains("It is above the maximum of 8 (pool.database.pools.primary.max-size). "
					+ "Lower it, or raise pool.database.pools.primary.max-size.");
	}

	@Test
	void minimumAboveHikarisMaximumNamesBoth(CapturedOutput output) {
		fail("pool.database.min-size=9", "spring.datasource.hikari.maximum-pool-size=8");
		assertThat(output).contains("Invalid value '9' for configuration property 'pool.database.min-size'")
			.contains("It is above the maximum of 8 (spring.datasource.hikari.maximum-pool-size).");
	}

	@Test
	void fileAndLineAreNamed(CapturedOutput output) {
		fail("spring.config.location=classpath:/io/poolwise/autoconfigure/bad.properties");
		assertThat(output)
			.contains("Invalid value '0' for configuration property 'pool.database.max-size' (originating "
					+ "from 'class path resource [io/poolwise/autoconfigure/bad.properties] - 2:24')");
	}

	@Test
	void environmentVariableIsNamed(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> TestApplication.onH2().withVariable("POOL_DATABASE_MAX_SIZE", "0").run());
		assertThat(output)
			.contains("Invalid value '0' for configuration property 'pool.database.max-size' (originating "
					+ "from 'System Environment Property \"POOL_DATABASE_MAX_SIZE\"')");
	}

	@Test
	void settingsAreCheckedWithoutAnyDataSource(CapturedOutput output) {
		assertThatException().isThrownBy(() -> TestApplication.automatic().with("pool.database.max-size=0").run());
		assertThat(output).contains("A pool needs at least 1 connection.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.database.min-size=0", "pool.database.max-size=1", "pool.database.max-pending=0",
			"pool.database.max-overflow=0", "pool.database.max-overflow=3", "pool.database.max-queries=0",
			"pool.database.max-queries=1", "pool.database.max-pending=1", "pool.database.leak-detection-threshold=0",
			"pool.database.leak-detection-threshold=2s", "pool.database.budget.share=1",
			"pool.database.budget.reserve=99.9%", "pool.database.acquire-timeout=250ms",
			"pool.database.max-inactive-lifetime=10s", "pool.database.max-lifetime=30s", "pool.max-surge=0",
			"pool.database.command-timeout=24d", "pool.unknown.key=1", "pool.database.unknown=1",
			"pool.database.pools.nobody.max-size=3", "pool.redis.min-size=0", "pool.redis.acquire-timeout=1ms",
			"pool.redis.command-timeout=1ms", "pool.redis.budget.share=1", "pool.rabbit.max-size=1",
			"pool.rabbit.acquire-timeout=1ms", "pool.rabbit.budget.reserve=99.9%", "pool.rabbit.unknown=1" })
	void valueAtTheEdgeIsLegalAndUnknownKeysAreLeftAlone(String property) {
		TestApplication.onH2().with(property).run().close();
	}

	private static void fail(String... properties) {
		assertThatException().isThrownBy(TestApplication.onH2().with("pool.profile=dev").with(properties)::run);
	}

}
