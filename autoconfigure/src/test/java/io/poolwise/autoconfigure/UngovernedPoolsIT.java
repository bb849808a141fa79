package io.poolwise.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;
import javax.sql.XAConnection;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.testservers.PostgresServer;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools beside the governed one that open connections of the same server.
 */
class UngovernedPoolsIT {

	private static PostgresServer server;

	// 60 - 3 = 57, less 10 %
	private static final int BUDGET = 51;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void r2dbcAndJdbcTogetherStayBelowTheBudget() throws Exception {
		try (ConfigurableApplicationContext context = run(Reactive.class);
				Sessions sessions = new Sessions(server);
				Load load = new Load()) {
			PoolReport report = report(context);
			assertThat(ungoverned(context)).extracting(UngovernedPool::connections).containsExactly(9);
			assertThat(report.allotment()).isEqualTo(BUDGET - 9);
			assertThat(report.target().max()).isEqualTo(BUDGET - 9);
			load.on(context.getBean(DataSource.class), 60, "SELECT pg_sleep(0.02)");
			ConnectionPool reactive = context.getBean(ConnectionPool.class);
			int done = Flux.range(0, 100).flatMap((i) -> sleep(reactive), 30).collectList().block().size();
			assertThat(done).isEqualTo(100);
			assertThat(sessions.of("ungoverned-r2dbc")).isLessThanOrEqualTo(9);
			assertThat(sessions.of("ungoverned-")).isLessThanOrEqualTo(BUDGET);
			assertThat(load.failures()).isEmpty();
		}
	}

	private static Mono<Integer> sleep(ConnectionPool pool) {
		return Mono.usingWhen(pool.create(),
				(connection) -> Mono.from(connection.createStatement("SELECT 1 FROM pg_sleep(0.02)").execute())
					.flatMap((result) -> Mono.from(result.map((row, metadata) -> row.get(0, Integer.class)))),
				(connection) -> connection.close());
	}

	@Test
	void poolOfXaConnectionsIsListedAndSubtracted() throws SQLException {
		try (ConfigurableApplicationContext context = run(Xa.class)) {
			assertThat(ungoverned(context)).singleElement().satisfies((pool) -> {
				assertThat(pool.name()).isEqualTo("ledger");
				assertThat(pool.connections()).isEqualTo(6);
				assertThat(pool.server()).isNotNull();
			});
			assertThat(report(context).allotment()).isEqualTo(BUDGET - 6);
			try (Connection connection = context.getBean("ledger", DataSource.class).getConnection()) {
				assertThat(connection.isValid(5)).isTrue();
			}
		}
	}

	private static List<UngovernedPool> ungoverned(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).ungoverned();
	}

	private static PoolReport report(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
	}

	private static ConfigurableApplicationContext run(Class<?> configuration) {
		return TestApplication.automatic(configuration, Database.class)
			.with("pool.profile=dev", "pool.database.max-size=50", "pool.database.acquire-timeout=30s")
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	static class Database {

		@Bean
		@Primary
		HikariDataSource orders() {
			return DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(server.jdbcUrl() + "?ApplicationName=ungoverned-jdbc")
				.username(server.username())
				.password(server.password())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reactive {

		@Bean(destroyMethod = "dispose")
		ConnectionPool reactive() {
			return new ConnectionPool(ConnectionPoolConfiguration
				.builder(ConnectionFactories.get("r2dbc:postgresql://" + server.username() + ":" + server.password()
						+ "@" + server.host() + ":" + server.port() + "/postgres?applicationName=ungoverned-r2dbc"))
				.initialSize(1)
				.maxSize(9)
				.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Xa {

		@Bean
		XaPool ledger() {
			return new XaPool();
		}

	}

	/**
	 * As a transaction manager's data source is: XA connections behind the usual
	 * interface, with the property that such pools have in common.
	 */
	static final class XaPool extends AbstractDataSource {

		private final PGXADataSource source = new PGXADataSource();

		XaPool() {
			this.source.setUrl(server.jdbcUrl());
		}

		public int getMaxPoolSize() {
			return 6;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return getConnection(server.username(), server.password());
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			XAConnection connection = this.source.getXAConnection(username, password);
			return connection.getConnection();
		}

	}

}
