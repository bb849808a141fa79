package io.poolwise.autoconfigure;

import java.util.concurrent.Executor;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.hikari.GovernedHikariDataSource;
import io.poolwise.pool.hikari.PressureSettings;
import io.poolwise.pool.hikari.SessionDefaults;

import org.springframework.aop.TargetClassAware;

/**
 * A governed pool in the place of a {@link HikariDataSource} bean. Rules that go by the
 * class of a bean apply to it as to the bean that it replaces: Spring Cloud refreshes no
 * {@link HikariDataSource}, and JMX names a bean after its class.
 */
public class GovernedHikariDataSourceBean extends GovernedHikariDataSource implements TargetClassAware {

	/**
	 * Creates a pool from the settings of a bean that has not started.
	 * @param name the pool's name, as operators know it
	 * @param settings what to copy; not changed
	 * @param size the size to start with
	 * @param defaults what each session is given
	 * @param whenPressed what to do while callers wait
	 * @param maxQueries statements after which a connection is replaced, 0 for never
	 * @param permits who else has a say in how many connections there are
	 * @param executor runs what follows a return or a resize, never on a borrower's
	 * thread
	 */
	public GovernedHikariDataSourceBean(String name, HikariConfig settings, PoolSize size, SessionDefaults defaults,
			PressureSettings whenPressed, int maxQueries, ConnectionPermits permits, Executor executor) {
		super(name, settings, size, defaults, whenPressed, maxQueries, permits, executor);
	}

	@Override
	public Class<?> getTargetClass() {
		return HikariDataSource.class;
	}

}
