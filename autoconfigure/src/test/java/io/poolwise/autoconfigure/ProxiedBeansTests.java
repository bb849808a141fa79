package io.poolwise.autoconfigure;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.poolwise.governor.PoolGovernor;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.annotation.AnnotatedElementUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Class-based proxies around every bean of ours that a pointcut of the application could
 * match: all but auto-configurations, as Spring Boot's are final too, and records.
 */
@Timeout(120)
class ProxiedBeansTests {

	@Test
	void everyBeanMayBeProxied() throws Exception {
		TestApplication application = TestApplication.onH2(Everything.class)
			.with("server.port=0", "pool.profile=dev", "pool.health.saturation-grace=1m",
					"management.endpoint.health.show-details=always");
		application.application().setWebApplicationType(WebApplicationType.SERVLET);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(AopUtils.isCglibProxy(context.getBean(PoolGovernor.class))).isTrue();
			try (Connection connection = context.getBean(DataSource.class).getConnection()) {
				assertThat(connection.isValid(1)).isTrue();
			}
			for (String path : new String[] { "pools", "metrics/db-pool", "health", "prometheus" }) {
				HttpResponse<String> answer = get(context, path);
				assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
				assertThat(answer.body()).as(path).contains("primary");
			}
			assertThat(Stream.of(context.getBeanDefinitionNames())
				.map((name) -> AopUtils.getTargetClass(context.getBean(name)))
				.filter(ProxiedBeansTests::mayBeProxied)
				.filter((type) -> Modifier.isFinal(type.getModifiers()))).isEmpty();
		}
	}

	private static HttpResponse<String> get(ConfigurableApplicationContext context, String path) throws Exception {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

	private static boolean mayBeProxied(Class<?> type) {
		return type.getName().startsWith("io.poolwise.") && !type.isRecord() && !type.isHidden()
				&& !BeanPostProcessor.class.isAssignableFrom(type)
				&& !AnnotatedElementUtils.hasAnnotation(type, AutoConfiguration.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class Everything {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static DefaultAdvisorAutoProxyCreator proxies() {
			DefaultAdvisorAutoProxyCreator creator = new DefaultAdvisorAutoProxyCreator();
			creator.setProxyTargetClass(true);
			return creator;
		}

		@Bean
		static DefaultPointcutAdvisor aroundAll() {
			StaticMethodMatcherPointcut all = new StaticMethodMatcherPointcut() {

				@Override
				public boolean matches(Method method, Class<?> targetClass) {
					return true;
				}

			};
			all.setClassFilter(ProxiedBeansTests::mayBeProxied);
			return new DefaultPointcutAdvisor(all, (MethodInterceptor) (invocation) -> invocation.proceed());
		}

	}

}
