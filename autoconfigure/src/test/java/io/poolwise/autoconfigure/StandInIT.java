package io.poolwise.autoconfigure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import javax.management.ObjectName;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.testservers.PostgresServer;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.NameMatchMethodPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What others do with the bean of a HikariCP pool by its class, with the stock pool and
 * with the governed one that stands in for it.
 */
@Timeout(120)
class StandInIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().maxConnections(60).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void classBasedProxyIsPutAroundThePool(boolean governed) throws Exception {
		String name = name();
		try (ConfigurableApplicationContext context = application(name, governed, Aspect.class).run();
				Sessions sessions = new Sessions(server)) {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(AopUtils.isCglibProxy(dataSource)).isTrue();
			assertThat(dataSource).isInstanceOf(HikariDataSource.class);
			assertThat(dataSource instanceof GovernedHikariDataSource).isEqualTo(governed);
			int before = Aspect.calls.get();
			assertThat(user(dataSource)).isEqualTo(server.username());
			assertThat(Aspect.calls.get()).isEqualTo(before + 1);
			HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
			assertThat(pool).isNotNull();
			assertThat(pool.isRunning()).isTrue();
			assertThat(pool.getPoolName()).isEqualTo(name);
			assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isPositive();
			assertThat(pool.toString()).contains(name);
			DataSourcePoolMetadata metadata = context.getBeanProvider(DataSourcePoolMetadataProvider.class)
				.stream()
				.map((provider) -> provider.getDataSourcePoolMetadata(dataSource))
				.filter(Objects::nonNull)
				.findFirst()
				.orElseThrow();
			assertThat(metadata.getMax()).isEqualTo(pool.getMaximumPoolSize());
			assertThat(sessions.of(name)).isPositive();
			if (governed) {
				PoolReport report = context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
				assertThat(report.actual().size()).isPositive();
				assertThat(context.getBean(PoolGovernor.class).pools()).hasSize(1);
			}
		}
		try (Sessions sessions = new Sessions(server)) {
			await().atMost(PATIENCE).until(() -> sessions.of(name) == 0);
		}
	}

	@Test
	void endpointHealthAndMetersFindThePoolBehindAProxy() throws Exception {
		TestApplication application = web(application(name(), true, Aspect.class)).with(
				"management.endpoints.web.exposure.include=health,metrics,prometheus,dbpool",
				"management.endpoint.health.show-details=always");
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(user(context.getBean(DataSource.class))).isEqualTo(server.username());
			assertThat(get(context, "health/db").body()).contains("primary").contains("UP");
			assertThat(get(context, "metrics/db-pool").body()).contains("primary").contains("max_size");
			assertThat(get(context, "metrics/hikaricp.connections").statusCode()).isEqualTo(200);
			assertThat(get(context, "metrics/pool.size").statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "false,false,", "true,false,", "false,true,", "true,true,",
			"true,false,com.zaxxer.hikari.HikariDataSource", "true,true,com.zaxxer.hikari.HikariDataSource" })
	void springCloudRefreshesTheContextAndNotThePool(boolean governed, boolean proxied, String neverRefreshable)
			throws Exception {
		String name = name();
		TestApplication application = cloud(
				proxied ? application(name, governed, Aspect.class) : application(name, governed));
		if (neverRefreshable != null) {
			application.with("spring.cloud.refresh.never-refreshable=some.Other," + neverRefreshable);
		}
		try (ConfigurableApplicationContext context = application.run(); Sessions sessions = new Sessions(server)) {
			DataSource dataSource = context.getBean(DataSource.class);
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				HttpResponse<String> answer = refresh(context);
				assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
				statement.execute("SELECT 1");
			}
			assertThat(context.getBean(DataSource.class)).isSameAs(dataSource);
			assertThat(user(dataSource)).isEqualTo(server.username());
			assertThat(dataSource.unwrap(HikariDataSource.class).getPoolName()).isEqualTo(name);
			assertThat(sessions.of(name)).isPositive();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void refreshScopedPoolIsMadeAnewAndLeavesNoneBehind(boolean governed) throws Exception {
		String name = name();
		try (ConfigurableApplicationContext context = cloud(application(name, governed, Refreshed.class)).run();
				Sessions sessions = new Sessions(server)) {
			DataSource dataSource = context.getBean(DataSource.class);
			HikariDataSource former = null;
			for (int round = 0; round < 3; round++) {
				assertThat(user(dataSource)).isEqualTo(server.username());
				HikariDataSource pool = context.getBean("scopedTarget.dataSource", HikariDataSource.class);
				assertThat(pool).isNotSameAs(former);
				assertThat(pool instanceof GovernedHikariDataSource).isEqualTo(governed);
				if (governed) {
					assertThat(context.getBean(PoolGovernor.class).pools()).extracting(PoolReport::name)
						.containsExactly("primary");
				}
				if (former != null) {
					assertThat(former.isClosed()).isTrue();
				}
				int most = pool.getMaximumPoolSize();
				await().atMost(PATIENCE).until(() -> sessions.of(name) <= most);
				former = pool;
				assertThat(refresh(context).statusCode()).isEqualTo(200);
			}
		}
		try (Sessions sessions = new Sessions(server)) {
			await().atMost(PATIENCE).until(() -> sessions.of(name) == 0);
		}
	}

	@ParameterizedTest
	@CsvSource({ "false,false", "true,false", "false,true", "true,true" })
	void jmxNamesAreThoseOfTheStockPool(boolean registerMbeans, boolean proxied) throws Exception {
		assertThat(mbeans(true, registerMbeans, proxied)).isNotEmpty()
			.isEqualTo(mbeans(false, registerMbeans, proxied));
	}

	/**
	 * The names of the pool's beans, and of those of an unnamed pool, without what counts
	 * the contexts and pools of the virtual machine.
	 */
	private static Set<String> mbeans(boolean governed, boolean registerMbeans, boolean proxied) throws Exception {
		Set<ObjectName> before = ManagementFactory.getPlatformMBeanServer().queryNames(null, null);
		TestApplication application = proxied ? application("jmx", governed, Aspect.class, Unnamed.class)
				: application("jmx", governed, Unnamed.class);
		application.with("spring.jmx.enabled=true", "spring.datasource.hikari.register-mbeans=" + registerMbeans);
		try (ConfigurableApplicationContext context = application.run()) {
			for (DataSource dataSource : context.getBeansOfType(DataSource.class).values()) {
				user(dataSource);
			}
			return ManagementFactory.getPlatformMBeanServer()
				.queryNames(null, null)
				.stream()
				.filter((bean) -> !before.contains(bean))
				.map(ObjectName::getCanonicalName)
				.filter((bean) -> bean.contains("DataSource") || bean.contains("Pool"))
				.map((bean) -> bean.replaceAll("HikariPool-\\d+", "HikariPool-n"))
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	private static TestApplication application(String name, boolean governed, Class<?>... more) {
		return TestApplication.automatic(more)
			.with("spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=" + name,
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "spring.datasource.hikari.pool-name=" + name,
					"pool.profile=dev", "pool.enabled=" + governed);
	}

	private static TestApplication web(TestApplication application) {
		application.application().setWebApplicationType(WebApplicationType.SERVLET);
		return application.with("server.port=0");
	}

	private static TestApplication cloud(TestApplication application) {
		return web(application).with("spring.cloud.refresh.enabled=true",
				"management.endpoints.web.exposure.include=refresh");
	}

	private static HttpResponse<String> refresh(ConfigurableApplicationContext context) throws Exception {
		return send(context, "refresh", HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()));
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
		return send(context, path, HttpRequest.newBuilder());
	}

	private static HttpResponse<String> send(ConfigurableApplicationContext context, String path,
			HttpRequest.Builder request) throws IOException, InterruptedException {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(request.uri(URI.create("http://localhost:" + port + "/actuator/" + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

	private static String name() {
		return "standin-" + UUID.randomUUID().toString().substring(0, 8);
	}

	private static String user(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT current_user")) {
			row.next();
			return row.getString(1);
		}
	}

	/**
	 * What an {@code @Around} aspect on {@code getConnection} comes down to.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Aspect {

		static final AtomicInteger calls = new AtomicInteger();

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultAdvisorAutoProxyCreator proxies() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			creator.setProxyTargetClass(true);
			return creator;
		}

		@Bean
		static DefaultPointcutAdvisor aroundGetConnection() {
			NameMatchMethodPointcut pointcut = new NameMatchMethodPointcut();
			pointcut.setMappedName("getConnection");
			pointcut.setClassFilter(DataSource.class::isAssignableFrom);
			return new DefaultPointcutAdvisor(pointcut, (MethodInterceptor) (invocation) -> {
				calls.incrementAndGet();
				return invocation.proceed();
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Unnamed {

		@Bean(defaultCandidate = false)
		HikariDataSource unnamed() {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setJdbcUrl(server.jdbcUrl());
			dataSource.setUsername(server.username());
			dataSource.setPassword(server.password());
			dataSource.setRegisterMbeans(true);
			return dataSource;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Refreshed {

		@Bean
		@Scope(scopeName = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		HikariDataSource dataSource(DataSourceProperties properties) {
			HikariDataSource dataSource = properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
			dataSource.setPoolName("refreshed");
			return dataSource;
		}

	}

}
