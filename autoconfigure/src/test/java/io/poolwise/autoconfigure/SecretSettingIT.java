package io.poolwise.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;

import javax.sql.DataSource;

import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

/**
 * What is printed of the coordination database's address and password when it can't be
 * reached, or refuses.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretSettingIT {

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			127.0.0.1:1/orders,  Connection to 127.0.0.1:1 refused
			SERVER/postgres,     nobody
			""")
	void neitherIsShown(String place, String told, CapturedOutput output) {
		String address = place.replace("SERVER", server.host() + ":" + server.port());
		try (ConfigurableApplicationContext context = TestApplication.automatic()
			.with("pool.leases.mode=on", "spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(),
					"pool.leases.url=jdbc:postgresql://" + address + "?password=geheim&ApplicationName=orders",
					"pool.leases.username=nobody", "pool.leases.password=geheim", "pool.database.acquire-timeout=3s")
			.run()) {
			Exception failure = catchException(() -> context.getBean(DataSource.class).getConnection());
			assertThat(failure).isNotNull();
			StringWriter trace = new StringWriter();
			failure.printStackTrace(new PrintWriter(trace));
			assertThat(trace.toString()).contains(told).doesNotContain("geheim");
			assertThat(output).contains(told).doesNotContain("geheim");
		}
	}

}
