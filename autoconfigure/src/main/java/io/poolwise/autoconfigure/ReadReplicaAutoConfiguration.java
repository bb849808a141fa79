package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;

/**
 * Auto-configuration of the pool of a read replica, and of the way there.
 */
@AutoConfiguration(after = HikariPoolAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.XADataSourceAutoConfiguration" })
@ConditionalOnClass({ HikariDataSource.class, DataSourceUnwrapper.class })
@ConditionalOnBooleanProperty(name = { "pool.enabled", "pool.database.enabled" }, matchIfMissing = true)
@Conditional(OnReadReplicaUrl.class)
public final class ReadReplicaAutoConfiguration {

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean(ReadReplicaRouting.class)
	SmartInitializingSingleton readReplicaNotice() {
		return () -> LoggerFactory.getLogger(ReadReplica.class)
			.warn("{}: {} has no effect: this is a dry run, or the application has no data source, or a bean {} of its "
					+ "own", ReadReplica.POOL, ReadReplica.URL, ReadReplica.BEAN);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(name = ReadReplica.BEAN)
	@ConditionalOnBean(DataSource.class)
	@ConditionalOnBooleanProperty(name = "pool.dry-run", havingValue = false, matchIfMissing = true)
	@ImportRuntimeHints(ReadReplicaRuntimeHints.class)
	static class Pool {

		// not a candidate by default: the application's own data source stays the only
		// one
		@Bean(defaultCandidate = false)
		HikariDataSource readReplicaDataSource(PoolKeys keys, ObjectProvider<DataSource> primary) {
			return new ReadReplica(keys).settings(GovernedDataSources.hikari(primary.getIfUnique()));
		}

		@Bean
		@Lazy(false)
		ReadReplicaRouting readReplicaRouting(ObjectProvider<DataSource> primary,
				@Qualifier(ReadReplica.BEAN) DataSource replica) {
			return new ReadReplicaRouting(primary.getIfUnique(), replica);
		}

	}

}
