package io.poolwise.sample.traffic;

import java.net.URI;

import io.micrometer.core.instrument.MeterRegistry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Points the traffic at the application itself.
 */
@Configuration(proxyBeanMethods = false)
class TrafficConfiguration {

	@Bean
	TrafficGenerator trafficGenerator(TrafficProperties properties, Environment environment, MeterRegistry registry,
			JsonMapper json) {
		return new TrafficGenerator(properties, () -> self(environment), new TrafficMeter(registry), json);
	}

	private static URI self(Environment environment) {
		return URI.create("http://localhost:" + environment.getRequiredProperty("local.server.port")
				+ environment.getProperty("server.servlet.context-path", ""));
	}

}
