package io.poolwise.faults.database;

import java.time.Duration;

import javax.sql.DataSource;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * What aspects and tracing libraries do.
 */
final class ProxiedDataSource extends FaultScenario<PostgresGround> {

	ProxiedDataSource() {
		super("a class-based proxy stands around the data source, and the server is killed", PostgresGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.crash(Duration.ofSeconds(1)));
		trial.settle(Duration.ofSeconds(40));
	}

	@Override
	protected Class<?> application() {
		return Proxied.class;
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Proxied {

		@Bean
		static BeanPostProcessor proxies() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					if (!(bean instanceof DataSource)) {
						return bean;
					}
					ProxyFactory proxy = new ProxyFactory(bean);
					proxy.setProxyTargetClass(true);
					return proxy.getProxy();
				}

			};
		}

	}

}
