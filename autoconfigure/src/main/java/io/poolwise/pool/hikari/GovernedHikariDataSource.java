package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.pool.HikariPool;
import io.poolwise.pool.ConnectionPermits;
import io.poolwise.pool.NoLeaveException;
import io.poolwise.pool.PoolSize;
import org.jspecify.annotations.Nullable;

/**
 * A {@link HikariDataSource} that can be resized truthfully and whose every physical
 * connection goes through one gate. To everybody who injects it, it is HikariCP:
 * settings, metrics, credentials and the borrow path are HikariCP's own. It starts, as
 * any other, at the first borrow.
 * <p>
 * Class-based proxies may be put around it. Their own fields are {@code null}, so that
 * code which reads fields of another instance takes the target, of
 * {@link HikariManagedPool#dataSource()}.
 */
public class GovernedHikariDataSource extends HikariDataSource {

	private final DatabaseSessions sessions;

	private final TargetDataSource target;

	private final HikariManagedPool managed;

	private final PoolPressure pressure;

	private final @Nullable PendingBound pendingBound;

	private final HikariResizer resizer;

	private final Executor executor;

	private volatile @Nullable ReplicaRoute route;

	private volatile @Nullable ReachableBorrowing reachable;

	private final Overflow overflow;

	private final ConnectionPermits permits;

	private volatile boolean started;

	/**
	 * Creates a pool in which callers wait as HikariCP has them wait.
	 * @param name the pool's name, as operators know it
	 * @param settings what to copy; not changed
	 * @param size the size to start with
	 * @param defaults what each session is given
	 * @param permits who else has a say in how many connections there are
	 * @param executor runs what follows a return or a resize, never on a borrower's
	 * thread
	 */
	public GovernedHikariDataSource(String name, HikariConfig settings, PoolSize size, SessionDefaults defaults,
			ConnectionPermits permits, Executor executor) {
		this(name, settings, size, defaults, PressureSettings.NONE, 0, permits, executor);
	}

	/**
	 * Creates a pool that recycles nothing.
	 * @param name the pool's name, as operators know it
	 * @param settings what to copy; not changed
	 * @param size the size to start with
	 * @param defaults what each session is given
	 * @param whenPressed what to do while callers wait
	 * @param permits who else has a say in how many connections there are
	 * @param executor runs what follows a return or a resize, never on a borrower's
	 * thread
	 */
	public GovernedHikariDataSource(String name, HikariConfig settings, PoolSize size, SessionDefaults defaults,
			PressureSettings whenPressed, ConnectionPermits permits, Executor executor) {
		this(name, settings, size, defaults, whenPressed, 0, permits, executor);
	}

	/**
	 * Creates a pool from the settings of another one that has not started.
	 * @param name the pool's name, as operators know it
	 * @param settings what to copy; not changed
	 * @param size the size to start with
	 * @param defaults what each session is given
	 * @param whenPressed what to do while callers wait
	 * @param maxQueries statements after which a connection is closed when it comes back,
	 * and replaced; each has a number of its own down to three quarters of that; 0 for
	 * never. A statement counts when it is made, however often it runs
	 * @param permits who else has a say in how many connections there are
	 * @param executor runs what follows a return or a resize, never on a borrower's
	 * thread
	 */
	public GovernedHikariDataSource(String name, HikariConfig settings, PoolSize size, SessionDefaults defaults,
			PressureSettings whenPressed, int maxQueries, ConnectionPermits permits, Executor executor) {
		settings.copyStateTo(this);
		this.permits = permits;
		TargetDataSource target = new TargetDataSource(this, settings.getDataSource(),
				settings.getDataSourceClassName());
		this.target = target;
		this.sessions = new DatabaseSessions(defaults);
		ConnectionGate gate = new ConnectionGate(target, new BoundedPreparer(this.sessions, this::getValidationTimeout),
				permits, new QueryLimit(maxQueries), size.max(), this::getConnectionTimeout);
		HikariResizer resizer = new HikariResizer(this, gate, size, executor);
		this.resizer = resizer;
		this.executor = executor;
		this.overflow = resizer.overflow();
		PostMortems postMortems = whenPressed.postMortem()
				? new PostMortems(this, new HolderWatch(this, gate), resizer, executor, System::nanoTime) : null;
		this.pressure = new PoolPressure(name, this, gate, resizer, postMortems, System::nanoTime);
		this.pendingBound = (whenPressed.maxPending() > 0) ? bound(whenPressed.maxPending()) : null;
		this.sessions.readWhile(resizer.reachability()::doubtsServer);
		Semaphore turn = new Semaphore(1);
		this.managed = new HikariManagedPool(name, this, resizer,
				new HikariProbe(name, this, gate, target, permits, turn),
				new LimitReader(name, target::briefConnection, this.sessions::read, permits, turn,
						new IdleConnections(this), this.sessions::takeNews),
				this.pressure, new HikariWarmUp(name, this, gate, resizer, this::borrow, target::bareConnection));
		forgetDataSourceClass();
		setDataSource(gate);
	}

	/**
	 * HikariCP warns when it is given both a data source and a class for one. The name
	 * stays where HikariCP reads it to work around a driver.
	 */
	private void forgetDataSourceClass() {
		String className = getDataSourceClassName();
		if (className != null && !className.contains("Mysql")) {
			setDataSourceClassName(null);
		}
	}

	private PendingBound bound(int maxPending) {
		return new PendingBound(maxPending, this::waitForConnection,
				() -> (getHikariPoolMXBean() instanceof HikariPool running) ? running : null,
				() -> this.pressure.refusal(maxPending));
	}

	@Override
	public Connection getConnection() throws SQLException {
		ReplicaRoute route = this.route;
		return (route != null) ? RoutedConnection.of(route, isAutoCommit()) : borrow();
	}

	/**
	 * Borrows from this pool itself, wherever its callers are sent.
	 */
	Connection borrow() throws SQLException {
		Connection connection = borrowCounted();
		GateConnection physical = connection.unwrap(GateConnection.class);
		while (physical.isUnasked() && !physical.isValid(validationSeconds())) {
			evictConnection(connection);
			connection.close();
			connection = borrowCounted();
			physical = connection.unwrap(GateConnection.class);
		}
		physical.borrowedAs(connection);
		return connection;
	}

	private int validationSeconds() {
		return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(getValidationTimeout()));
	}

	private Connection borrowCounted() throws SQLException {
		boolean counted = this.overflow.enter();
		try {
			return (this.pendingBound != null) ? this.pendingBound.borrow() : waitForConnection();
		}
		catch (SQLTransientConnectionException ex) {
			throw this.pressure.explained(ex);
		}
		finally {
			if (counted) {
				this.overflow.leave();
			}
		}
	}

	private Connection waitForConnection() throws SQLException {
		ReachableBorrowing reachable = this.reachable;
		if (reachable != null && getHikariPoolMXBean() instanceof HikariPool running && !isClosed()) {
			return reachable.borrow(running);
		}
		return (this.started || isClosed()) ? super.getConnection() : start();
	}

	/**
	 * Starts the pool if it may fail at that. HikariCP has callers queue for it, each
	 * with a start of its own, and gives up after one connect: so each waits for the
	 * permits by itself first, and what the permits refuse is tried again until the
	 * acquire timeout.
	 */
	private Connection start() throws SQLException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(getConnectionTimeout());
		boolean mayFail = getInitializationFailTimeout() > 0;
		while (true) {
			if (mayFail && getHikariPoolMXBean() == null) {
				this.permits.await(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
			}
			try {
				Connection connection = super.getConnection();
				this.started = true;
				return connection;
			}
			catch (NoLeaveException ex) {
				if (!mayFail || ex.isLasting() || System.nanoTime() - end >= 0) {
					throw ex;
				}
			}
		}
	}

	private Connection borrow(boolean readOnly) throws SQLException {
		Connection connection = borrow();
		if (readOnly) {
			boolean set = false;
			try {
				connection.setReadOnly(true);
				set = true;
			}
			finally {
				if (!set) {
					connection.close();
				}
			}
		}
		return connection;
	}

	/**
	 * Sends callers who only read to a replica from now on, and starts its pool. They get
	 * connections of this pool as long as the replica has none to give because its server
	 * can't be reached. Callers of the replica itself are refused at once then.
	 * @param replica the replica's pool, not a proxy of it
	 */
	public void readFrom(GovernedHikariDataSource replica) {
		ReplicaRoute route = new ReplicaRoute(this.managed.name(), this::borrow, replica);
		replica.refuseWhileUnreachable();
		replica.managed.standIn(route::standIn);
		this.route = route;
	}

	/**
	 * Sends callers who only read nowhere else any more.
	 */
	public void readFromHere() {
		this.route = null;
	}

	/**
	 * HikariCP starts a pool at the first borrow, which waits for the server: nobody's
	 * thread but one made for it.
	 */
	private void refuseWhileUnreachable() {
		this.reachable = new ReachableBorrowing(this, this.resizer, this.executor, System::nanoTime,
				this.pressure::unreachable);
		Thread starter = new Thread(() -> {
			try {
				borrow().close();
			}
			catch (SQLException | RuntimeException | Error ex) {
				// the pool goes on trying
			}
		}, "start-" + this.managed.name());
		starter.setDaemon(true);
		starter.start();
	}

	/**
	 * HikariCP loses a factory that is set in the moment in which the pool starts. It
	 * starts under this lock, which is waited for where a start waits for no server.
	 */
	@Override
	public void setMetricsTrackerFactory(MetricsTrackerFactory metricsTrackerFactory) {
		if (getInitializationFailTimeout() < 0) {
			synchronized (this) {
				super.setMetricsTrackerFactory(metricsTrackerFactory);
			}
		}
		else {
			super.setMetricsTrackerFactory(metricsTrackerFactory);
		}
	}

	@Override
	public void close() {
		this.managed.close();
		super.close();
	}

	/**
	 * The pool as the governor sees it.
	 * @return the managed pool, always the same
	 */
	public HikariManagedPool managedPool() {
		return this.managed;
	}

	/**
	 * Names what to call when the server turns out to be one whose sessions are given the
	 * UTC time zone by default.
	 * @param action called by any thread, maybe more than once
	 */
	public void onUtcSessions(Runnable action) {
		this.sessions.onUtc(action);
	}

	/**
	 * Opens one connection beside the pool, with the credentials that the pool would use
	 * now.
	 * @return the connection, which is the caller's to close
	 * @throws SQLException if the server refuses
	 */
	public Connection bareConnection() throws SQLException {
		return this.target.bareConnection();
	}

	/**
	 * Opens one connection beside the pool as {@link #bareConnection} does, with timeouts
	 * of its own where the driver can be told.
	 * @param timeouts the timeouts
	 * @return the connection, which is the caller's to close
	 * @throws SQLException if the server refuses, or doesn't answer in time
	 */
	public Connection bareConnection(DriverTimeouts timeouts) throws SQLException {
		return this.target.boundedConnection(timeouts);
	}

	/**
	 * Whether the pool's URL says that its connections go to several servers at the same
	 * time.
	 * @return the objection to leases, one sentence without its full stop and without a
	 * secret; {@code null} if there is none
	 */
	public @Nullable String severalServers() {
		return SeveralServers.in(getJdbcUrl(), getDataSourceProperties());
	}

	/**
	 * The pool as a migration tool should see it: the same connections, without the
	 * command timeout.
	 * @param asSeen the data source that the tool would use otherwise: this pool, or
	 * whatever the application has put around it, which the tool's connections go through
	 * as well
	 * @return a data source that borrows from this one
	 */
	public DataSource withoutCommandTimeout(DataSource asSeen) {
		return new MigrationDataSource(asSeen, (asSeen == this) ? this::borrow : asSeen::getConnection, this.sessions);
	}

}
