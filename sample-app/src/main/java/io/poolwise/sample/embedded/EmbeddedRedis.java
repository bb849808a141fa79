package io.poolwise.sample.embedded;

import java.util.Map;

import io.poolwise.testservers.RedisServer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;

/**
 * A Redis of this instance's own, unless {@code spring.data.redis.*} names one.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!jdbc")
@Conditional(EmbeddedRedis.NoAddress.class)
class EmbeddedRedis {

	@Bean
	RedisServer redisServer(EmbeddedProperties properties) {
		EmbeddedProperties.Redis settings = properties.redis();
		return RedisServer.builder().port(settings.port()).maxClients(settings.maxClients()).start();
	}

	@Bean
	DataRedisConnectionDetails embeddedRedisDetails(RedisServer server) {
		return new Details(DataRedisConnectionDetails.Standalone.of(server.host(), server.port()));
	}

	@Bean
	@Order(2)
	EmbeddedServer embeddedRedisServer(RedisServer server) {
		return new EmbeddedServer("Redis",
				Map.of("SPRING_DATA_REDIS_URL", "redis://" + server.host() + ":" + server.port()));
	}

	private record Details(Standalone standalone) implements DataRedisConnectionDetails {

		@Override
		public Standalone getStandalone() {
			return this.standalone;
		}

	}

	static class NoAddress extends NoneNestedConditions {

		NoAddress() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty("spring.data.redis.url")
		static class Url {

		}

		@ConditionalOnProperty("spring.data.redis.host")
		static class Host {

		}

		@ConditionalOnProperty("spring.data.redis.sentinel.master")
		static class Sentinel {

		}

		@ConditionalOnProperty("spring.data.redis.cluster.nodes")
		static class Cluster {

		}

	}

}
