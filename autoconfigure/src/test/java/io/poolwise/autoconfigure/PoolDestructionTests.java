package io.poolwise.autoconfigure;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.ScopedProxyMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of how pools go.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolDestructionTests {

	@Test
	void poolIsClosedAfterTheBeansThatUseIt() {
		List<String> events = new ArrayList<>();
		ConfigurableApplicationContext context = TestApplication.onH2(Uses.class).run();
		context.getBean(UsesPool.class).report = events;
		GovernedHikariDataSource pool = context.getBean(GovernedHikariDataSource.class);
		context.close();
		assertThat(events).containsExactly("could use the pool");
		assertThat(pool.isClosed()).isTrue();
	}

	@Test
	void closingContextGivesNothingToPoolsThatAreAboutToClose(CapturedOutput output) {
		ConfigurableApplicationContext context = TestApplication.automatic(TwoPools.class)
			.with("pool.database.budget.limit=12")
			.run();
		int before = output.getAll().length();
		context.close();
		assertThat(output.getAll().substring(before)).doesNotContain("connections:");
	}

	@Test
	void poolThatGoesGivesItsPartToTheOther() throws SQLException {
		try (ConfigurableApplicationContext context = TestApplication.automatic(Refreshable.class)
			.with("pool.profile=dev", "pool.database.budget.limit=20", "pool.database.budget.reserve=0")
			.run()) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			context.getBean("orders", DataSource.class).getConnection().close();
			assertThat(governor.pools()).extracting(PoolReport::name).containsExactly("primary", "orders");
			assertThat(target(governor, "primary")).isEqualTo(PoolSize.of(5, 10));
			assertThat(target(governor, "orders")).isEqualTo(PoolSize.of(5, 10));
			context.getBean(RefreshScope.class).refresh();
			assertThat(governor.pools()).extracting(PoolReport::name).containsExactly("primary");
			assertThat(target(governor, "primary")).isEqualTo(PoolSize.of(5, 20));
		}
	}

	@Test
	void refreshedPoolIsGovernedAgain() throws SQLException {
		try (ConfigurableApplicationContext context = TestApplication.automatic(Refreshable.class)
			.with("pool.profile=dev", "pool.database.budget.limit=20", "pool.database.budget.reserve=0")
			.run()) {
			PoolGovernor governor = context.getBean(PoolGovernor.class);
			DataSource orders = context.getBean("orders", DataSource.class);
			orders.getConnection().close();
			HikariDataSource before = context.getBean("scopedTarget.orders", HikariDataSource.class);
			context.getBean(RefreshScope.class).refresh();
			orders.getConnection().close();
			HikariDataSource after = context.getBean("scopedTarget.orders", HikariDataSource.class);
			assertThat(before.isClosed()).isTrue();
			assertThat(after).isNotSameAs(before).isInstanceOf(GovernedHikariDataSource.class);
			assertThat(after.isClosed()).isFalse();
			assertThat(target(governor, "orders")).isEqualTo(PoolSize.of(5, 10));
			assertThat(target(governor, "primary")).isEqualTo(PoolSize.of(5, 10));
			assertThat(governor.ungoverned()).isEmpty();
		}
	}

	@Test
	void failedStartTakesItsPoolsAwayQuietly(CapturedOutput output) {
		assertThat(catchThrowable(() -> TestApplication.automatic(TwoPools.class, Fails.class)
			.with("pool.database.budget.limit=12")
			.run())).hasRootCauseMessage("no more");
		assertThat(output).doesNotContain("Destruction of bean")
			.contains("orders: new ->")
			.doesNotContain("orders: 5 to 5 ->")
			.doesNotContain("primary:");
	}

	private static PoolSize target(PoolGovernor governor, String name) {
		return governor.pool(name).orElseThrow().target();
	}

	private static HikariDataSource h2(String name) {
		return DataSourceBuilder.create().type(HikariDataSource.class).url("jdbc:h2:mem:" + name).build();
	}

	static class UsesPool implements DisposableBean {

		private final DataSource pool;

		private List<String> report = List.of();

		UsesPool(DataSource pool) {
			this.pool = pool;
		}

		@Override
		public void destroy() throws SQLException {
			this.pool.getConnection().close();
			this.report.add("could use the pool");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Uses {

		@Bean
		UsesPool usesPool(DataSource pool) {
			return new UsesPool(pool);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools {

		@Bean
		HikariDataSource orders() {
			return h2("gone");
		}

		@Bean
		HikariDataSource reports() {
			return h2("gone");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Fails {

		@Bean
		Object failing(HikariDataSource orders, HikariDataSource reports) {
			throw new IllegalStateException("no more");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Refreshable {

		@Bean
		static RefreshScope refreshScope() {
			return new RefreshScope();
		}

		@Bean
		static BeanFactoryPostProcessor refreshScopeRegistrar(RefreshScope scope) {
			return (beans) -> beans.registerScope("refresh", scope);
		}

		@Bean
		@Primary
		HikariDataSource main() {
			return h2("refresh");
		}

		@Bean
		@org.springframework.context.annotation.Scope(scopeName = "refresh", proxyMode = ScopedProxyMode.TARGET_CLASS)
		HikariDataSource orders() {
			return h2("refresh");
		}

	}

	/**
	 * As Spring Cloud's: beans that can be destroyed and made again while the application
	 * runs.
	 */
	static class RefreshScope implements Scope {

		private final Map<String, Object> beans = new HashMap<>();

		private final Map<String, Runnable> destructions = new HashMap<>();

		void refresh() {
			this.beans.clear();
			this.destructions.values().forEach(Runnable::run);
			this.destructions.clear();
		}

		@Override
		public Object get(String name, ObjectFactory<?> objectFactory) {
			Object bean = this.beans.get(name);
			if (bean == null) {
				bean = objectFactory.getObject();
				this.beans.put(name, bean);
			}
			return bean;
		}

		@Override
		public @Nullable Object remove(String name) {
			return this.beans.remove(name);
		}

		@Override
		public void registerDestructionCallback(String name, Runnable callback) {
			this.destructions.put(name, callback);
		}

	}

}
