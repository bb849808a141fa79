package io.poolwise.sample.embedded;

import java.util.Map;

import io.poolwise.testservers.PostgresServer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A PostgreSQL of this instance's own, unless {@code spring.datasource.url} names one.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(EmbeddedPostgres.NoUrl.class)
class EmbeddedPostgres {

	private static final String DATABASE = "orders";

	@Bean
	PostgresServer postgresServer(EmbeddedProperties properties) {
		EmbeddedProperties.Postgres settings = properties.postgres();
		return PostgresServer.builder()
			.version(settings.version())
			.port(settings.port())
			.maxConnections(settings.maxConnections())
			.start();
	}

	@Bean
	JdbcConnectionDetails embeddedPostgresDetails(PostgresServer server, DataSourceProperties properties) {
		Details details = new Details(server.jdbcUrl(DATABASE), properties.getUsername(), properties.getPassword());
		createDatabase(server, details);
		return details;
	}

	@Bean
	@Order(1)
	EmbeddedServer embeddedPostgresServer(PostgresServer server, EmbeddedProperties properties) {
		return new EmbeddedServer("PostgreSQL " + properties.postgres().version(),
				Map.of("SPRING_DATASOURCE_URL", server.jdbcUrl(DATABASE)));
	}

	/**
	 * Give the application an ordinary role, as it has on a real server: a superuser may
	 * use the connections that PostgreSQL reserves.
	 */
	private static void createDatabase(PostgresServer server, Details details) {
		JdbcClient superuser = JdbcClient
			.create(new DriverManagerDataSource(server.jdbcUrl(), server.username(), server.password()));
		superuser
			.sql(superuser.sql("SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :name, :password)")
				.param("name", details.user())
				.param("password", details.secret())
				.query(String.class)
				.single())
			.update();
		superuser
			.sql(superuser.sql("SELECT format('CREATE DATABASE %I OWNER %I', :database, :owner)")
				.param("database", DATABASE)
				.param("owner", details.user())
				.query(String.class)
				.single())
			.update();
	}

	private record Details(String url, @Nullable String user,
			@Nullable String secret) implements JdbcConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return this.url;
		}

		@Override
		public @Nullable String getUsername() {
			return this.user;
		}

		@Override
		public @Nullable String getPassword() {
			return this.secret;
		}

	}

	static class NoUrl extends NoneNestedConditions {

		NoUrl() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty("spring.datasource.url")
		static class Url {

		}

	}

}
