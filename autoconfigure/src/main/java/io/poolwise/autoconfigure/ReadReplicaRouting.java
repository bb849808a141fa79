package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the read-only transactions of the primary to the read replica, from the moment it
 * is made until it is closed.
 */
class ReadReplicaRouting implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ReadReplicaRouting.class);

	private final @Nullable GovernedHikariDataSource primary;

	ReadReplicaRouting(@Nullable DataSource primary, DataSource replica) {
		this.primary = GovernedDataSources.governed(primary);
		GovernedHikariDataSource pool = GovernedDataSources.governed(replica);
		if (this.primary != null && pool != null) {
			this.primary.readFrom(pool);
			logger.info("{}: read-only transactions go to {}", this.primary.managedPool().name(),
					pool.managedPool().name());
		}
		else {
			logger.warn(
					"{}: nothing is sent there, since {}: transactions are routed between a HikariCP pool and its "
							+ "replica only. Inject the pool as @Qualifier(\"{}\"), or remove {}.",
					ReadReplica.POOL, why(primary), ReadReplica.BEAN, ReadReplica.URL);
		}
	}

	private static String why(@Nullable DataSource primary) {
		return (primary != null) ? "the primary data source is a " + primary.getClass().getSimpleName()
				: "no data source is the only one, or marked as @Primary";
	}

	@Override
	public void close() {
		if (this.primary != null) {
			this.primary.readFromHere();
		}
	}

}
