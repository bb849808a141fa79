package io.poolwise.autoconfigure;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.poolwise.actuate.ReplicaMeters;
import io.poolwise.governor.PoolGovernor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meter of a read replica that can't be reached.
 */
@AutoConfiguration(after = ReadReplicaAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(ReadReplicaRouting.class)
public final class ReadReplicaMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ReplicaMeters readReplicaMeters(PoolGovernor governor) {
		return new ReplicaMeters(governor, ReadReplica.POOL);
	}

}
