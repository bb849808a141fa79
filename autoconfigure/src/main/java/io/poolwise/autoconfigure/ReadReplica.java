package io.poolwise.autoconfigure;

import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the keys say of a read replica, and the settings of its pool. What they don't say
 * is as the primary's pool has it.
 */
final class ReadReplica {

	/**
	 * The pool's name.
	 */
	static final String POOL = "read-replica";

	/**
	 * The name of the pool's bean.
	 */
	static final String BEAN = "readReplicaDataSource";

	/**
	 * The name of the bean that sends callers to the pool.
	 */
	static final String ROUTING_BEAN = "readReplicaRouting";

	/**
	 * The start of the keys.
	 */
	static final String KEYS = "pool.database.read-replica";

	static final String URL = KEYS + ".url";

	private static final Logger logger = LoggerFactory.getLogger(ReadReplica.class);

	private final PoolKeys keys;

	ReadReplica(PoolKeys keys) {
		this.keys = keys;
	}

	/**
	 * Whether there is one.
	 * @throws SecretSettingException if its address can't be read
	 */
	boolean isWanted() {
		return this.keys.secret(URL).filter((url) -> !url.isBlank()).isPresent();
	}

	/**
	 * The settings of its pool.
	 * @param primary the primary's pool, {@code null} if it is not known
	 * @return a pool that has not started
	 * @throws SecretSettingException if the address makes no sense
	 */
	HikariDataSource settings(@Nullable HikariDataSource primary) {
		String url = JdbcUrl.checked(URL, this.keys.secret(URL).orElseThrow().strip());
		HikariDataSource settings = new HikariDataSource();
		settings.setPoolName(POOL);
		settings.setJdbcUrl(url);
		settings.setReadOnly(true);
		// whether the replica is there is nothing that the start waits for
		settings.setInitializationFailTimeout(-1);
		if (primary != null) {
			like(primary, settings);
		}
		Optional<Setting<String>> username = this.keys.explicit(KEYS + ".username", String.class);
		Optional<String> password = this.keys.secret(KEYS + ".password");
		username.ifPresent((user) -> settings.setUsername(user.value()));
		password.ifPresent(settings::setPassword);
		if (primary != null && username.isEmpty() && password.isEmpty()) {
			settings.setCredentialsProvider(primary.getCredentialsProvider());
		}
		return settings;
	}

	private static void like(HikariDataSource primary, HikariDataSource settings) {
		settings.setUsername(primary.getUsername());
		settings.setPassword(primary.getPassword());
		settings.setAutoCommit(primary.isAutoCommit());
		settings.setTransactionIsolation(primary.getTransactionIsolation());
		settings.setCatalog(primary.getCatalog());
		settings.setSchema(primary.getSchema());
		settings.setConnectionInitSql(primary.getConnectionInitSql());
		settings.setConnectionTestQuery(primary.getConnectionTestQuery());
		settings.setKeepaliveTime(primary.getKeepaliveTime());
		settings.setValidationTimeout(primary.getValidationTimeout());
		String url = primary.getJdbcUrl();
		if (url != null && product(url).equals(product(settings.getJdbcUrl()))) {
			settings.setDataSourceProperties(primary.getDataSourceProperties());
		}
		if (settings.getJdbcUrl().equals(url)) {
			logger.warn("{}: {} is the address of the primary: read-only transactions burden the same server as "
					+ "before, and its budget is shared by both pools", POOL, URL);
		}
	}

	/**
	 * The start of an address that names the driver.
	 */
	private static String product(String url) {
		int end = url.indexOf(':', "jdbc:".length());
		return (end >= 0) ? url.substring(0, end) : url;
	}

}
