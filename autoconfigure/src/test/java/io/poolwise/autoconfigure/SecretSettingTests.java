package io.poolwise.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;

import io.poolwise.fleet.LeaseOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchException;

/**
 * Tests of what is printed of values that may hold a password, when the application fails
 * to start: everything but the value.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretSettingTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					pool.rabbit.management.url      | http://user:geheim@ho st:15672                       | It is not a URL: Illegal character
					pool.rabbit.management.url      | http://user:geheim@bro_ker:15672                     | It is not an address such as http://broker:15672.
					pool.rabbit.management.url      | amqp://user:geheim@broker                            | Use one such as http://broker:15672.
					pool.rabbit.management.url      | http://user:%geheim@broker                           | It is not a URL: Malformed escape pair
					pool.rabbit.management.url      | http://u:geheim@${pool.rabbit.management.url}        | It can't be read as a text.
					pool.rabbit.management.password | geheim${pool.rabbit.management.password}             | It can't be read as a text.
					pool.leases.url                 | jdbc:postgressql://db/orders?password=geheim         | No driver on the class path takes it. Use one such as jdbc:postgresql://host:5432/database
					pool.leases.url                 | jdbc:postgresql://user:geheim@db/orders              | It has a user before its host.
					pool.leases.url                 | jdbc:postgresql://db?password=geheim                 | It doesn't have one '/' between its host and its database.
					pool.leases.url                 | jdbc:postgresql://db/orders/1?password=geheim        | It doesn't have one '/' between its host and its database.
					pool.leases.url                 | jdbc:postgresql://d b/orders?password=geheim         | It has a blank before its options.
					pool.leases.url                 | jdbc:postgresql://db/orders?password=%geheim         | No driver on the class path takes it.
					pool.leases.url                 | postgresql://user:geheim@db/orders                   | It is no JDBC URL.
					pool.leases.url                 | jdbc:mariadb://${pool.leases.url}?password=geheim    | It can't be read as a text.
					pool.database.read-replica.url  | jdbc:postgressql://db/orders?password=geheim         | No driver on the class path takes it. Use one such as jdbc:postgresql://host:5432/database, and the keys pool.database.read-replica.username
					pool.database.read-replica.url  | jdbc:postgresql://user:geheim@db/orders              | It has a user before its host.
					pool.database.read-replica.url  | jdbc:h2:${pool.database.read-replica.url}?geheim     | It can't be read as a text.
					pool.database.read-replica.password | geheim${pool.database.read-replica.password}     | It can't be read as a text.
					pool.leases.password            | geheim${pool.leases.password}                        | It can't be read as a text. If it holds '${', which begins a placeholder, write '\\${' instead.
					""")
	void valueThatMakesNoSenseIsNamedAndNotShown(String key, String value, String reason, CapturedOutput output) {
		String other = key.equals("pool.database.read-replica.password")
				? "pool.database.read-replica.url=jdbc:h2:mem:copy"
				: "pool.leases.mode=" + (key.startsWith("pool.leases") ? "on" : "off");
		String trace = fail(other, key + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '******' for configuration property '" + key + "' (originating from '\"" + key
					+ "\" from property source \"commandLineArgs\"')")
			.contains(reason)
			.doesNotContain("geheim");
		assertThat(trace).contains(key).doesNotContain("geheim");
	}

	@Test
	void keysAreNoPartOfWhatIsPrintedOfTheirRecords() {
		assertThat(PoolProperties.Leases.class.getRecordComponents()).extracting("name")
			.doesNotContain("url", "password");
		assertThat(PoolProperties.ReadReplica.class.getRecordComponents()).extracting("name")
			.doesNotContain("url", "password");
		assertThat(PoolProperties.Rabbit.Management.class.getRecordComponents()).extracting("name")
			.doesNotContain("url", "password");
		assertThat(new LeaseOptions(true, "poolwise", 2, Duration.ofSeconds(1),
				new CoordinationDatabase("jdbc:x?geheim", "me", "geheim")))
			.asString()
			.doesNotContain("geheim");
	}

	@Test
	void messageOfADriverThatQuotesTheSecretIsNotShown() {
		// the driver says that the connection was refused
		for (String password : new String[] { "refused", "geheim" }) {
			CoordinationDatabase database = new CoordinationDatabase("jdbc:postgresql://127.0.0.1:1/orders", "me",
					password);
			assertThatThrownBy(() -> database.connect(() -> {
				throw new AssertionError("the pool's own database");
			})).isInstanceOf(SQLException.class)
				.hasFieldOrPropertyWithValue("SQLState", "08001")
				.satisfies((failure) -> assertThat(failure).hasStackTraceContaining(
						password.equals("geheim") ? "127.0.0.1:1 refused" : "message is not shown"));
		}
	}

	private static String fail(String... properties) {
		Exception failure = catchException(TestApplication.onH2().with("pool.profile=dev").with(properties)::run);
		assertThat(failure).isNotNull();
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		return trace.toString();
	}

}
