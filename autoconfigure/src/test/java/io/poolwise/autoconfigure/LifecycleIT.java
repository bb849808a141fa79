package io.poolwise.autoconfigure;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.testservers.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Applications that come and go, on a real server.
 */
class LifecycleIT {

	private static PostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.builder().maxConnections(100).start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "spring.main.lazy-initialization=true", "spring.datasource.connection-fetch=lazy",
			"spring.threads.virtual.enabled=true", "spring.datasource.hikari.register-mbeans=true" })
	void closedApplicationLeavesNoThreadAndNoSession(String property) throws Exception {
		String name = name();
		try (Sessions sessions = new Sessions(server)) {
			ConfigurableApplicationContext context = run(name, property);
			DataSource pool = context.getBean(DataSource.class);
			await().untilAsserted(() -> {
				assertThat(select(pool)).isOne();
				assertThat(sessions.of(name)).isEqualTo(5);
			});
			assertThat(threads()).anyMatch((thread) -> thread.startsWith("poolwise-"))
				.anyMatch((thread) -> thread.contains(name));
			context.close();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(sessions.of(name)).isZero();
				assertThat(threads()).noneMatch((thread) -> thread.startsWith("poolwise-"))
					.noneMatch((thread) -> thread.contains(name));
			});
		}
	}

	@Test
	void failedStartLeavesNoThreadAndNoSession() throws Exception {
		String name = name();
		try (Sessions sessions = new Sessions(server)) {
			assertThat(catchThrowable(() -> run(name, "pool.replicas=500"))).isNotNull();
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(sessions.of(name)).isZero();
				assertThat(threads()).noneMatch((thread) -> thread.startsWith("poolwise-"));
			});
		}
	}

	@Test
	void applicationsOfOneJvmDoNotKnowEachOther() throws Exception {
		try (Sessions sessions = new Sessions(server)) {
			String first = name();
			String second = name();
			ConfigurableApplicationContext one = run(first, "pool.replicas=10");
			ConfigurableApplicationContext other = run(second, "pool.database.max-size=7");
			assertThat(target(one)).isEqualTo(PoolSize.of(5, 8));
			assertThat(target(other)).isEqualTo(PoolSize.of(5, 7));
			assertThat(select(one.getBean(DataSource.class))).isOne();
			assertThat(select(other.getBean(DataSource.class))).isOne();
			one.close();
			await().untilAsserted(() -> assertThat(sessions.of(first)).isZero());
			assertThat(select(other.getBean(DataSource.class))).isOne();
			assertThat(other.getBean(PoolGovernor.class).pools()).hasSize(1);
			other.close();
			await().untilAsserted(() -> assertThat(sessions.of(second)).isZero());
		}
	}

	@Test
	void restartedApplicationStartsAfresh() throws Exception {
		String name = name();
		try (Sessions sessions = new Sessions(server)) {
			for (int max : new int[] { 6, 9, 5 }) {
				try (ConfigurableApplicationContext context = run(name, "pool.database.max-size=" + max)) {
					assertThat(target(context)).isEqualTo(PoolSize.of(5, max));
					DataSource pool = context.getBean(DataSource.class);
					await().untilAsserted(() -> {
						assertThat(select(pool)).isOne();
						assertThat(sessions.of(name)).isEqualTo(5);
					});
				}
				await().untilAsserted(() -> assertThat(sessions.of(name)).isZero());
			}
		}
	}

	// what devtools does: the application's own classes come from another loader each
	// time
	@Test
	void applicationOfAnotherClassLoaderStartsAfreshAndLeavesNothing() throws Exception {
		ClassLoader usual = Thread.currentThread().getContextClassLoader();
		try (Sessions sessions = new Sessions(server)) {
			for (int round = 0; round < 2; round++) {
				String name = name();
				try (RestartLoader loader = new RestartLoader(usual)) {
					Thread.currentThread().setContextClassLoader(loader);
					Class<?> configuration = loader.loadClass(Restarted.class.getName());
					assertThat(configuration).isNotSameAs(Restarted.class);
					try (ConfigurableApplicationContext context = run(name, new Class<?>[] { configuration })) {
						DataSource pool = context.getBean(DataSource.class);
						assertThat(pool).isInstanceOf(GovernedHikariDataSource.class);
						await().untilAsserted(() -> {
							assertThat(select(pool)).isOne();
							assertThat(sessions.of(name)).isEqualTo(5);
						});
					}
					await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
						assertThat(sessions.of(name)).isZero();
						assertThat(threads()).noneMatch((thread) -> thread.startsWith("poolwise-"))
							.noneMatch((thread) -> thread.contains(name));
					});
				}
				finally {
					Thread.currentThread().setContextClassLoader(usual);
				}
			}
		}
	}

	@Test
	void webApplicationFinishesItsRequestsBeforeItsPoolCloses() throws Exception {
		String name = name();
		try (Sessions sessions = new Sessions(server)) {
			TestApplication application = application(name, new Class<?>[] { SlowController.class })
				.with("server.port=0", "server.shutdown=graceful");
			application.application().setWebApplicationType(WebApplicationType.SERVLET);
			ConfigurableApplicationContext context = application.run();
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
				.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/slow")).build(),
						HttpResponse.BodyHandlers.ofString());
			assertThat(context.getBean(SlowController.class).begun.await(30, TimeUnit.SECONDS)).isTrue();
			context.close();
			assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo("1 and 1");
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(sessions.of(name)).isZero();
				assertThat(threads()).noneMatch((thread) -> thread.startsWith("poolwise-"))
					.noneMatch((thread) -> thread.contains(name));
			});
		}
	}

	@Test
	void workThatRunsWhileTheApplicationClosesIsNotLeftBehind() throws Exception {
		String name = name();
		ExecutorService worker = Executors.newSingleThreadExecutor();
		try (Sessions sessions = new Sessions(server)) {
			ConfigurableApplicationContext context = run(name, "");
			DataSource pool = context.getBean(DataSource.class);
			CountDownLatch borrowed = new CountDownLatch(1);
			Future<?> work = worker.submit(() -> {
				try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
					borrowed.countDown();
					statement.execute("SELECT pg_sleep(60)");
				}
				return null;
			});
			assertThat(borrowed.await(10, TimeUnit.SECONDS)).isTrue();
			context.close();
			assertThat(catchThrowable(() -> work.get(30, TimeUnit.SECONDS))).isInstanceOf(ExecutionException.class);
		}
		finally {
			worker.shutdownNow();
		}
	}

	@Test
	void lazyPoolIsGovernedWhenItComes() throws SQLException {
		try (ConfigurableApplicationContext context = run(name(), "spring.main.lazy-initialization=true",
				"pool.replicas=10", "management.health.db.enabled=false")) {
			DataSource pool = context.getBean(DataSource.class);
			assertThat(pool).isInstanceOf(GovernedHikariDataSource.class);
			assertThat(target(context)).isEqualTo(PoolSize.of(5, 8));
			assertThat(select(pool)).isOne();
		}
	}

	@Test
	void lazyConnectionsComeFromTheGovernedPool() throws SQLException {
		try (ConfigurableApplicationContext context = run(name(), "spring.datasource.connection-fetch=lazy",
				"pool.replicas=10")) {
			DataSource pool = context.getBean(DataSource.class);
			assertThat(pool).isInstanceOf(LazyConnectionDataSourceProxy.class);
			assertThat(DataSourceUnwrapper.unwrap(pool, HikariDataSource.class))
				.isInstanceOf(GovernedHikariDataSource.class);
			assertThat(select(pool)).isOne();
			PoolReport report = context.getBean(PoolGovernor.class).pool("primary").orElseThrow();
			assertThat(report.target()).isEqualTo(PoolSize.of(5, 8));
			assertThat(report.actual().size()).isPositive();
		}
	}

	@Test
	void mbeansShowTheGovernedPoolAndGo() throws Exception {
		String name = name();
		MBeanServer mbeans = ManagementFactory.getPlatformMBeanServer();
		ObjectName pool = new ObjectName("com.zaxxer.hikari:type=Pool (" + name + ")");
		ObjectName config = new ObjectName("com.zaxxer.hikari:type=PoolConfig (" + name + ")");
		try (ConfigurableApplicationContext context = run(name, "spring.datasource.hikari.register-mbeans=true",
				"spring.jmx.enabled=true", "pool.replicas=10")) {
			assertThat(select(context.getBean(DataSource.class))).isOne();
			assertThat(mbeans.getAttribute(config, "MaximumPoolSize")).isEqualTo(8);
			assertThat((int) mbeans.getAttribute(pool, "TotalConnections")).isPositive();
		}
		assertThat(mbeans.isRegistered(pool)).isFalse();
		assertThat(mbeans.isRegistered(config)).isFalse();
	}

	private static String name() {
		return "life-" + UUID.randomUUID().toString().substring(0, 8);
	}

	private static PoolSize target(ConfigurableApplicationContext context) {
		return context.getBean(PoolGovernor.class).pool("primary").orElseThrow().target();
	}

	private static int select(DataSource pool) throws SQLException {
		try (Connection connection = pool.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT 1")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
	}

	private static ConfigurableApplicationContext run(String name, Class<?>[] more) {
		return application(name, more).run();
	}

	private static ConfigurableApplicationContext run(String name, String... properties) {
		TestApplication application = application(name, new Class<?>[0]);
		for (String property : properties) {
			if (!property.isEmpty()) {
				application.with(property);
			}
		}
		return application.run();
	}

	private static TestApplication application(String name, Class<?>[] more) {
		return TestApplication.automatic(more)
			.with("spring.datasource.url=" + server.jdbcUrl() + "?ApplicationName=" + name,
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "spring.datasource.hikari.pool-name=" + name,
					"pool.profile=dev");
	}

	@Configuration(proxyBeanMethods = false)
	public static class Restarted {

	}

	@RestController
	static class SlowController {

		private final DataSource pool;

		private final CountDownLatch begun = new CountDownLatch(1);

		SlowController(DataSource pool) {
			this.pool = pool;
		}

		@GetMapping("/slow")
		String slow() throws SQLException {
			int first = select(this.pool);
			this.begun.countDown();
			try (Connection connection = this.pool.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("SELECT pg_sleep(1)");
			}
			return first + " and " + select(this.pool);
		}

	}

	/**
	 * Makes a class of the application its own, and takes everything else from its
	 * parent.
	 */
	private static final class RestartLoader extends URLClassLoader {

		RestartLoader(ClassLoader parent) {
			super(new URL[] { Restarted.class.getProtectionDomain().getCodeSource().getLocation() }, parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.equals(Restarted.class.getName())) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> known = findLoadedClass(name);
				return (known != null) ? known : findClass(name);
			}
		}

	}

}
