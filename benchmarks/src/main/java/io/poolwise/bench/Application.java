package io.poolwise.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A service with the starter and some pools on real servers, whose second passes when it
 * is told to.
 */
final class Application implements AutoCloseable {

	/**
	 * What the history of the pools keeps: half an hour.
	 */
	static final int HISTORY = 1800;

	private final Map<String, PoolType> pools = new LinkedHashMap<>();

	private final int size;

	private final ConfigurableApplicationContext context;

	/**
	 * Starts a service with some pools of each type.
	 * @param governed whether Poolwise is on
	 * @param types the kinds of its pools
	 * @param count pools of each kind
	 * @param size connections of each pool
	 */
	Application(boolean governed, Set<PoolType> types, int count, int size) {
		this.size = size;
		for (PoolType type : types) {
			for (int i = 0; i < count; i++) {
				this.pools.put(type.name().toLowerCase(Locale.ROOT) + i, type);
			}
		}
		SpringApplication application = new SpringApplication(Automatic.class, HandWound.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addInitializers((context) -> define((GenericApplicationContext) context));
		this.context = application.run(arguments(governed, types));
	}

	private String[] arguments(boolean governed, Set<PoolType> types) {
		String excluded = String.join(",",
				Stream.of(PoolType.values())
					.filter((type) -> !types.contains(type))
					.flatMap((type) -> type.autoConfigurations().stream())
					.toList());
		return new String[] { "--spring.main.banner-mode=off", "--spring.autoconfigure.exclude=" + excluded,
				"--pool.enabled=" + governed, "--pool.profile=prod", "--pool.replicas=1", "--pool.max-surge=0",
				"--pool.database.min-size=" + this.size, "--pool.database.max-size=" + this.size,
				"--pool.redis.min-size=" + this.size, "--pool.redis.max-size=" + this.size,
				"--pool.rabbit.max-size=" + this.size };
	}

	private void define(GenericApplicationContext context) {
		Set<PoolType> seen = new HashSet<>();
		this.pools.forEach((name, type) -> {
			RootBeanDefinition definition = new RootBeanDefinition(type.beanType());
			definition.setInstanceSupplier(
					() -> type.define(context.getBeanFactory(), Integer.getInteger(type.property()), this.size));
			definition.setPrimary(seen.add(type));
			context.registerBeanDefinition(name, definition);
		});
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	/**
	 * Lets half an hour pass in which each pool has from none to all of its connections
	 * in use, a few minutes up and a few minutes down.
	 */
	void passHalfAnHour() throws Exception {
		HandWoundExecutor clock = this.context.getBean("poolExecutor", HandWoundExecutor.class);
		for (int second = 0; second < HISTORY; second++) {
			double wave = (1 + Math.sin(second / 60.0)) / 2;
			List<AutoCloseable> borrowed = borrow((int) Math.round(wave * 8) + second % 3);
			clock.tick();
			giveBack(borrowed);
		}
	}

	/**
	 * Opens all connections of all pools.
	 */
	void fill() throws Exception {
		giveBack(borrow(this.size));
	}

	private List<AutoCloseable> borrow(int each) throws Exception {
		List<AutoCloseable> borrowed = new ArrayList<>();
		for (Map.Entry<String, PoolType> pool : this.pools.entrySet()) {
			for (int i = 0; i < each; i++) {
				borrowed.add(pool.getValue().borrow(this.context, pool.getKey()));
			}
		}
		return borrowed;
	}

	private static void giveBack(List<AutoCloseable> borrowed) throws Exception {
		for (AutoCloseable connection : borrowed) {
			connection.close();
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What every service has.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Automatic {

		@Bean(destroyMethod = "shutdown")
		ClientResources clientResources() {
			return DefaultClientResources.create();
		}

	}

	/**
	 * Has the pools' own executor take the samples of their history when it is told to.
	 */
	static class HandWound implements BeanPostProcessor {

		@Override
		public Object postProcessBeforeInitialization(Object bean, String beanName) {
			if (!(bean instanceof ScheduledExecutorService clock) || !beanName.equals("poolExecutor")) {
				return bean;
			}
			clock.shutdown();
			return new HandWoundExecutor();
		}

	}

}
