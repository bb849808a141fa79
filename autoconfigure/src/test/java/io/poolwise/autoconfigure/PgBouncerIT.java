package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.PoolStatus;
import io.poolwise.governor.PoolerLimitUnknownException;
import io.poolwise.testservers.PgBouncerServer;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A pooler before the server.
 */
class PgBouncerIT {

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
	@ValueSource(strings = { "session", "transaction" })
	void poolerIsRecognisedAndItsLimitAskedFor(String mode) {
		try (PgBouncerServer pooler = PgBouncerServer.builder(server).poolMode(mode).start()) {
			assertThatThrownBy(() -> run(pooler, "pool.replicas=3")).rootCause()
				.isInstanceOf(PoolerLimitUnknownException.class)
				.hasMessageContaining("pool.database.budget.limit");
			try (ConfigurableApplicationContext context = run(pooler)) {
				PoolReport report = context.getBean(PoolGovernor.class).pools().get(0);
				assertThat(report.status()).isEqualTo(PoolStatus.DEGRADED);
				assertThat(report.target().max()).isEqualTo(10);
				assertThat(report.reasons()).anyMatch((reason) -> reason.contains("pooler"));
			}
		}
	}

	// 80 less 10 % = 72; 3 replicas and 1 surge: 18
	@ParameterizedTest
	@ValueSource(strings = { "session", "transaction" })
	void limitOfThePoolerIsDividedAndNoSessionSettingButTheTimeZoneSent(String mode) throws Exception {
		try (PgBouncerServer pooler = PgBouncerServer.builder(server).poolMode(mode).start();
				Load load = new Load();
				ConfigurableApplicationContext context = run(pooler, "pool.profile=prod", "pool.replicas=3",
						"pool.database.budget.limit=80")) {
			assertThat(context.getBean(PoolGovernor.class).pools().get(0).target().max()).isEqualTo(18);
			DataSource dataSource = context.getBean(DataSource.class);
			JdbcClient client = JdbcClient.create(dataSource);
			assertThat(client.sql("SHOW statement_timeout").query(String.class).single()).isEqualTo("0");
			assertThat(client.sql("SHOW timezone").query(String.class).single()).isEqualTo("UTC");
			load.on(dataSource, 40, "SELECT 1");
			while (load.done() < 500 && load.failures().isEmpty()) {
				Thread.onSpinWait();
			}
			load.close();
			assertThat(load.failures()).isEmpty();
		}
	}

	private static ConfigurableApplicationContext run(PgBouncerServer pooler, String... properties) {
		return TestApplication.automatic()
			.with("spring.datasource.url=" + pooler.jdbcUrl() + "?prepareThreshold=0",
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password())
			.with(properties)
			.run();
	}

}
