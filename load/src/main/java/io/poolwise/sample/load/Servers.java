package io.poolwise.sample.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.poolwise.testservers.PgBouncerServer;
import io.poolwise.testservers.PostgresServer;
import io.poolwise.testservers.RabbitServer;
import io.poolwise.testservers.RedisServer;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one run, new ones each time, and the truth about what is open there.
 */
final class Servers implements AutoCloseable {

	/** What PostgreSQL grants ordinary roles: 100 less 3 for superusers. */
	static final int LIMIT = 97;

	/** The limit less 10 %, rounded up. */
	static final int BUDGET = 87;

	static final int PRODUCTS = 2000;

	private static final String DATABASE = "orders";

	private static final String CLIENTS = "connected_clients:";

	private static final int PATIENCE_MILLIS = 20_000;

	private final PostgresServer postgres = PostgresServer.builder().maxConnections(100).start();

	private final RedisServer redis = RedisServer.builder().start();

	private final RabbitServer rabbit = RabbitServer.builder().start();

	private final @Nullable PgBouncerServer bouncer;

	private final Connection observer;

	Servers(Contender.Way way) throws SQLException {
		this.bouncer = (way == Contender.Way.PGBOUNCER) ? PgBouncerServer.builder(this.postgres)
			.poolMode("transaction")
			.poolSize(BUDGET)
			.maxClients(1000)
			.start() : null;
		String user = this.postgres.username();
		try (Connection superuser = DriverManager.getConnection(this.postgres.jdbcUrl(), user,
				this.postgres.password()); Statement statement = superuser.createStatement()) {
			statement.execute("CREATE ROLE orders LOGIN PASSWORD 'orders'");
			statement.execute("CREATE DATABASE " + DATABASE + " OWNER orders");
		}
		this.observer = DriverManager.getConnection(this.postgres.jdbcUrl(DATABASE), user, this.postgres.password());
	}

	/** What leads an instance to these servers. */
	List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("spring.datasource.username=orders",
				"spring.datasource.password=orders", "spring.data.redis.url=redis://127.0.0.1:" + this.redis.port(),
				"spring.rabbitmq.addresses=127.0.0.1:" + this.rabbit.port(),
				"spring.rabbitmq.username=" + this.rabbit.username(),
				"spring.rabbitmq.password=" + this.rabbit.password()));
		if (this.bouncer != null) {
			// migrations need a session of their own; no prepared statements outlive a
			// transaction
			properties.add("spring.flyway.url=" + this.postgres.jdbcUrl(DATABASE));
			properties.add("spring.flyway.user=orders");
			properties.add("spring.flyway.password=orders");
			properties.add("spring.datasource.url=" + this.bouncer.jdbcUrl(DATABASE) + "?prepareThreshold=0");
		}
		else {
			properties.add("spring.datasource.url=" + this.postgres.jdbcUrl(DATABASE));
		}
		return properties;
	}

	/** Fills the shelves, so that users don't meet at the same product. */
	void stockUp() throws SQLException {
		execute("INSERT INTO products (sku, name, price) SELECT 'sku-' || n, 'Product ' || n, 5 FROM generate_series(0, "
				+ (PRODUCTS - 1) + ") n ON CONFLICT DO NOTHING");
		execute("INSERT INTO stock (product_id, quantity) SELECT id, 1000000 FROM products ON CONFLICT (product_id)"
				+ " DO UPDATE SET quantity = 1000000");
		execute("ANALYZE");
	}

	/** Open sessions of everybody but the observer, connects under way included. */
	int sessions() throws SQLException {
		return (int) number("SELECT count(*) FROM pg_stat_activity"
				+ " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
	}

	/**
	 * Those of the open sessions that were let in.
	 * @param leases whether that takes a slot, which one sees by its lock
	 */
	int settled(boolean leases) throws SQLException {
		return (int) number("SELECT count(*) FROM pg_stat_activity a WHERE backend_type = 'client backend'"
				+ " AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'starting'"
				+ (leases ? " AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'"
						+ " AND l.granted)" : ""));
	}

	/** Clients of Redis, but for the one that asks. */
	int redisClients() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.redis.port())) {
			socket.setSoTimeout(PATIENCE_MILLIS);
			socket.getOutputStream().write("INFO clients\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			return answer.lines()
				.filter((line) -> line.startsWith(CLIENTS))
				.mapToInt((line) -> Integer.parseInt(line.substring(CLIENTS.length()).strip()) - 1)
				.findFirst()
				.orElseThrow();
		}
	}

	int channels() {
		return this.rabbit.channels();
	}

	/** Connects that PostgreSQL refused because it was full. */
	long refused() throws IOException {
		try (var lines = Files.lines(this.postgres.log())) {
			return lines
				.filter((line) -> line.contains("too many clients") || line.contains("remaining connection slots"))
				.count();
		}
	}

	/** Orders that the worker hasn't confirmed. */
	long unconfirmed() throws SQLException {
		return number("SELECT count(*) FROM orders WHERE status = 'PLACED'");
	}

	private synchronized long number(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			row.next();
			return row.getLong(1);
		}
	}

	private synchronized void execute(String sql) throws SQLException {
		try (Statement statement = this.observer.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.observer.close();
		if (this.bouncer != null) {
			this.bouncer.close();
		}
		this.rabbit.close();
		this.redis.close();
		this.postgres.close();
	}

}
