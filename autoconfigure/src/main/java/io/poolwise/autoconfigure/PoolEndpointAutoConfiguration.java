package io.poolwise.autoconfigure;

import java.util.concurrent.ScheduledExecutorService;

import io.poolwise.actuate.ApplicationIdentity;
import io.poolwise.actuate.DbPoolEndpoint;
import io.poolwise.actuate.DbPoolPathMapper;
import io.poolwise.actuate.PoolsEndpoint;
import io.poolwise.actuate.PoolsEndpointWebExtension;
import io.poolwise.actuate.UsageHistory;
import io.poolwise.actuate.UsageMeter;
import io.poolwise.governor.PoolGovernor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the endpoints {@code dbpool} and
 * {@code pools}.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean({ PoolGovernor.class, PoolKeys.class })
public final class PoolEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	DbPoolEndpoint dbPoolEndpoint(PoolGovernor governor) {
		return new DbPoolEndpoint(governor);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = DbPoolEndpoint.class, exposure = EndpointExposure.WEB)
	DbPoolPathMapper dbPoolPathMapper() {
		return new DbPoolPathMapper();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	PoolsEndpoint poolsEndpoint(PoolGovernor governor, UsageHistory history, PoolKeys keys, Environment environment,
			PoolProperties properties) {
		return new PoolsEndpoint(governor, history, new ApplicationIdentity(keys.profile(), environment),
				show(properties));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = PoolsEndpoint.class)
	UsageHistory poolUsageHistory(PoolGovernor governor, ObjectProvider<UsageMeter> meter,
			@Qualifier("poolExecutor") ScheduledExecutorService executor) {
		return new UsageHistory(governor, meter.getIfAvailable(() -> UsageMeter.NONE), executor);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(PoolsEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	PoolsEndpointWebExtension poolsEndpointWebExtension(PoolsEndpoint endpoint, PoolProperties properties,
			ObjectProvider<PathMapper> pathMappers) {
		return new PoolsEndpointWebExtension(endpoint, show(properties),
				PathMapper.getRootPath(pathMappers.orderedStream().toList(), EndpointId.of("pools")));
	}

	private static Show show(PoolProperties properties) {
		return Show.valueOf(properties.endpoints().showDetails().name());
	}

}
