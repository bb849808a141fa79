package io.poolwise.autoconfigure;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.DataSourceUnwrapper;

/**
 * Sends the read-only transactions of the primary to the read replica, from the moment it
 * is made until it is closed.
 */
final class ReadReplicaRouting implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ReadReplicaRouting.class);

	private final @Nullable GovernedHikariDataSource primary;

	ReadReplicaRouting(@Nullable DataSource primary, DataSource replica) {
		this.primary = governed(primary);
		GovernedHikariDataSource pool = governed(replica);
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

	/**
	 * The governed pool of a data source. One that routes already has pools behind it,
	 * and is none.
	 */
	private static @Nullable GovernedHikariDataSource governed(@Nullable DataSource dataSource) {
		return (hikari(dataSource) instanceof GovernedHikariDataSource governed) ? governed : null;
	}

	static @Nullable HikariDataSource hikari(@Nullable DataSource dataSource) {
		return (dataSource != null)
				? DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class, HikariDataSource.class) : null;
	}

	@Override
	public void close() {
		if (this.primary != null) {
			this.primary.readFromHere();
		}
	}

}
