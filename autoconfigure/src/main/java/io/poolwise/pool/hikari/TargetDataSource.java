package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.util.Credentials;
import com.zaxxer.hikari.util.DriverDataSource;
import com.zaxxer.hikari.util.PropertyElf;
import com.zaxxer.hikari.util.UtilityElf;
import org.jspecify.annotations.Nullable;

/**
 * What HikariCP would open its connections from, were there no gate: the settings' own
 * data source, data source class, JDBC URL or JNDI name, in HikariCP's order. Made when
 * it is first needed, as HikariCP does.
 */
final class TargetDataSource extends DelegatingDataSource {

	private final HikariConfig settings;

	private final @Nullable DataSource given;

	private final @Nullable String className;

	private final AtomicReference<@Nullable DataSource> resolved = new AtomicReference<>();

	private final Map<DriverTimeouts, DataSource> bounded = new ConcurrentHashMap<>();

	/**
	 * Creates the target.
	 * @param settings the pool's live settings, which credentials are read from at each
	 * bare connection
	 * @param given the data source that the settings held, if any
	 * @param className the data source class that the settings named, if any
	 */
	TargetDataSource(HikariConfig settings, @Nullable DataSource given, @Nullable String className) {
		this.settings = settings;
		this.given = given;
		this.className = className;
	}

	@Override
	DataSource target() {
		DataSource target = this.resolved.get();
		if (target == null) {
			// without a lock, since a name service may take its time
			DataSource made = resolve();
			DataSource first = this.resolved.compareAndExchange(null, made);
			target = (first != null) ? first : made;
		}
		return target;
	}

	/**
	 * A connection with the credentials that the pool would use now.
	 * @return the connection
	 * @throws SQLException if the server refuses
	 */
	Connection bareConnection() throws SQLException {
		return connection(this);
	}

	/**
	 * A connection for one short question, which the driver gives up on by itself where
	 * it can be told to.
	 * @return the connection
	 * @throws SQLException if the server refuses, or doesn't answer in time
	 */
	Connection briefConnection() throws SQLException {
		return boundedConnection(DriverTimeouts.QUESTION);
	}

	/**
	 * A connection with timeouts of its own, where the driver can be told.
	 * @param timeouts the timeouts
	 * @return the connection
	 * @throws SQLException if the server refuses, or doesn't answer in time
	 */
	Connection boundedConnection(DriverTimeouts timeouts) throws SQLException {
		return connection(this.bounded.computeIfAbsent(timeouts, this::resolveBounded));
	}

	private Connection connection(DataSource source) throws SQLException {
		HikariCredentialsProvider provider = this.settings.getCredentialsProvider();
		Credentials credentials = (provider != null) ? provider.getCredentials() : this.settings.getCredentials();
		return (credentials.getUsername() != null)
				? source.getConnection(credentials.getUsername(), credentials.getPassword()) : source.getConnection();
	}

	private DataSource resolveBounded(DriverTimeouts timeouts) {
		String url = this.settings.getJdbcUrl();
		if (this.given != null || this.className != null || url == null) {
			return this;
		}
		Properties properties = timeouts.within(url, this.settings.getDataSourceProperties());
		return (properties != null) ? driver(url, properties) : this;
	}

	private DriverDataSource driver(String url, Properties properties) {
		return new DriverDataSource(url, this.settings.getDriverClassName(), properties, this.settings.getUsername(),
				this.settings.getPassword());
	}

	@SuppressWarnings("BanJNDI") // the name is the operator's own setting, as in HikariCP
	private DataSource resolve() {
		if (this.given != null) {
			return this.given;
		}
		if (this.className != null) {
			if (this.settings.getDriverClassName() != null) {
				// the words that Boot's failure analyzer knows from HikariCP
				throw new IllegalStateException("cannot use driverClassName and dataSourceClassName together.");
			}
			DataSource target = UtilityElf.createInstance(this.className, DataSource.class);
			PropertyElf.setTargetFromProperties(target, this.settings.getDataSourceProperties());
			return target;
		}
		if (this.settings.getJdbcUrl() != null) {
			String url = this.settings.getJdbcUrl();
			return driver(url, DriverTimeouts.beforeLogin(url, this.settings.getDataSourceProperties(),
					this.settings.getConnectionTimeout()));
		}
		if (this.settings.getDataSourceJNDI() != null) {
			try {
				return (DataSource) new InitialContext().lookup(this.settings.getDataSourceJNDI());
			}
			catch (NamingException ex) {
				throw new IllegalStateException("No data source under " + this.settings.getDataSourceJNDI(), ex);
			}
		}
		throw new IllegalArgumentException("dataSource or dataSourceClassName or jdbcUrl is required.");
	}

}
