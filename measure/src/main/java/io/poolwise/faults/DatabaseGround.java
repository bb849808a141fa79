package io.poolwise.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import io.poolwise.testservers.PacketFilter;
import io.poolwise.testservers.ProcessServer;
import io.poolwise.testservers.TcpProxy;
import org.jspecify.annotations.Nullable;

/**
 * A database server with the role {@code app}, which the application uses, and a
 * superuser's session that observes it.
 */
public abstract class DatabaseGround extends Ground {

	/** What the server listens on too, for whom no fault is meant. */
	static final String OBSERVERS = "127.0.0.2";

	private static final List<String> EXCLUDED = List.of(
			"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
			"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration");

	private final ProcessServer server;

	private final PacketFilter network;

	private final List<String> more = new ArrayList<>();

	private final List<AutoCloseable> companions = new ArrayList<>();

	private @Nullable TcpProxy proxy;

	private @Nullable Connection admin;

	DatabaseGround(ProcessServer server) {
		this.server = server;
		this.network = PacketFilter.before(server);
	}

	abstract String url(String host, int port);

	abstract String administrator();

	abstract String countSessions();

	/**
	 * A query that takes a while.
	 * @param seconds how long
	 * @return SQL
	 */
	public abstract String sleep(double seconds);

	/**
	 * The usual operation.
	 * @return a query of 10 ms
	 */
	public Work brief() {
		return lasting(0.01);
	}

	/**
	 * An operation that takes a while.
	 * @param seconds how long
	 * @return a query
	 */
	public Work lasting(double seconds) {
		String sql = sleep(seconds);
		return (beans) -> beans.query(sql);
	}

	/**
	 * A transaction that takes a while between its two statements.
	 * @param seconds how long
	 * @return two updates of a row, in one transaction
	 */
	public Work transaction(double seconds) {
		long millis = (long) (seconds * 1000);
		return (beans) -> {
			try (Connection connection = beans.connection(); Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.executeUpdate("UPDATE item SET name = 'a' WHERE id = 1");
				TimeUnit.MILLISECONDS.sleep(millis);
				statement.executeUpdate("UPDATE item SET name = 'b' WHERE id = 1");
				connection.commit();
			}
		};
	}

	/**
	 * Ends something together with the servers.
	 * @param companion another server, a proxy or a connection
	 * @param <T> what it is
	 * @return the same
	 */
	public <T extends AutoCloseable> T also(T companion) {
		this.companions.add(companion);
		return companion;
	}

	/**
	 * Ends sessions of the application as an operator does.
	 * @param most how many at most
	 * @return how many it were
	 */
	public abstract int terminate(int most);

	@Override
	public List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("spring.datasource.url=" + url(),
				"spring.flyway.enabled=false", "spring.datasource.username=app", "spring.datasource.password=app",
				"spring.autoconfigure.exclude=" + String.join(",", EXCLUDED)));
		properties.addAll(this.more);
		return properties;
	}

	/**
	 * Adds properties of the application, for all contenders.
	 * @param properties properties as {@code key=value}
	 */
	public void with(String... properties) {
		this.more.addAll(List.of(properties));
	}

	/**
	 * The URL that the application uses.
	 * @return the server's, or that of the proxy once there is one
	 */
	public String url() {
		TcpProxy before = this.proxy;
		return (before != null) ? url(before.host(), before.port()) : url(this.server.host(), this.server.port());
	}

	/**
	 * The packets between the application and the server.
	 * @return the filter
	 */
	public PacketFilter network() {
		return this.network;
	}

	/**
	 * Puts a proxy before the server, for instances that start later.
	 * @return the proxy
	 */
	public synchronized TcpProxy proxy() {
		if (this.proxy == null) {
			this.proxy = TcpProxy.before(this.server);
		}
		return this.proxy;
	}

	/**
	 * The server.
	 * @return its process
	 */
	public ProcessServer process() {
		return this.server;
	}

	/**
	 * Ends the server as a crash does, and starts it again.
	 * @param down how long it is down
	 */
	public void crash(Duration down) {
		this.server.kill();
		Trial.sleep(down);
		this.server.restart();
	}

	/**
	 * Executes a statement as the superuser.
	 * @param sql the statement
	 */
	public synchronized void execute(String sql) {
		try (Statement statement = admin().createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Queries for a number as the superuser.
	 * @param sql the query
	 * @return the first column of the first row
	 */
	public synchronized long number(String sql) {
		try (Statement statement = admin().createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getLong(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Queries for numbers as the superuser.
	 * @param sql the query
	 * @return the first column of all rows
	 */
	public synchronized List<Long> numbers(String sql) {
		List<Long> numbers = new ArrayList<>();
		try (Statement statement = admin().createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				numbers.add(rows.getLong(1));
			}
			return numbers;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Opens another session that no fault touches.
	 * @param user the role
	 * @param password its password
	 * @return the connection
	 */
	public Connection connect(String user, String password) {
		Properties properties = new Properties();
		properties.setProperty("user", user);
		properties.setProperty("password", password);
		properties.setProperty("connectTimeout", this instanceof PostgresGround ? "5" : "5000");
		properties.setProperty("socketTimeout", this instanceof PostgresGround ? "60" : "60000");
		try {
			return DriverManager.getConnection(url(OBSERVERS, this.server.port()), properties);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Can't observe " + server() + ": " + ex.getMessage(), ex);
		}
	}

	private Connection admin() throws SQLException {
		Connection current = this.admin;
		if (current == null || !current.isValid(5)) {
			if (current != null) {
				current.close();
			}
			current = connect(administrator(), administrator());
			this.admin = current;
		}
		return current;
	}

	@Override
	public int sessions() {
		try {
			return this.server.isRunning() ? (int) number(countSessions()) : -1;
		}
		catch (IllegalStateException ex) {
			return -1;
		}
	}

	@Override
	public void close() {
		for (AutoCloseable companion : this.companions) {
			try {
				companion.close();
			}
			catch (Exception ex) {
				FailureLog.add(ex);
			}
		}
		this.network.close();
		if (this.proxy != null) {
			this.proxy.close();
		}
		this.server.close();
	}

}
