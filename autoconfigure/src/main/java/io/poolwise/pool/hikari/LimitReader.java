package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.poolwise.budget.LimitReading;
import io.poolwise.pool.ConnectTrouble;
import io.poolwise.pool.ConnectionPermits;
import org.jspecify.annotations.Nullable;

/**
 * Reads a database server's limit over one short-lived connection, bounded in time.
 */
public final class LimitReader implements AutoCloseable {

	// as long as a local server under load may need; a pool itself would wait longer
	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final ConnectionPermits permits;

	private final BareConnections<DatabaseReading> beside;

	private final @Nullable BareConnections<DatabaseReading> idle;

	private final Supplier<@Nullable DatabaseReading> news;

	/**
	 * Creates a reader that always opens a connection.
	 * @param pool the pool's name
	 * @param connector opens a connection
	 * @param question reads over it
	 */
	LimitReader(String pool, BareConnections.Connector connector, BareConnections.Question<DatabaseReading> question) {
		this.permits = ConnectionPermits.UNLIMITED;
		this.beside = new BareConnections<>("limit-" + pool, connector, question);
		this.idle = null;
		this.news = () -> null;
	}

	/**
	 * Creates a reader that opens a connection beside a pool where the permits allow it,
	 * and does with those of the pool elsewhere.
	 * @param pool the pool's name
	 * @param connector opens a connection beside the pool
	 * @param question reads over it
	 * @param permits offered each connection that was opened
	 * @param turn has one permit, for all connections beside the pool
	 * @param idle the pool's idle connections
	 * @param news what a new connection of the pool has read, if that is news
	 */
	LimitReader(String pool, BareConnections.Connector connector, BareConnections.Question<DatabaseReading> question,
			ConnectionPermits permits, Semaphore turn, IdleConnections idle, Supplier<@Nullable DatabaseReading> news) {
		this.news = news;
		this.permits = permits;
		this.beside = new BareConnections<>("limit-" + pool, connector, question, turn);
		this.beside.offerTo(permits::takeOver);
		this.idle = new BareConnections<>("limit-idle-" + pool, () -> {
			Connection connection = idle.borrow();
			if (connection == null) {
				throw new SQLTransientConnectionException("no connection of the pool is free to ask over");
			}
			return connection;
		}, question);
	}

	/**
	 * Reads over a connection of any data source.
	 * @param name names the thread that asks
	 * @param dataSource where to get the connection from, for a moment
	 * @return the reading; {@link LimitReading.Unavailable} rather than an exception
	 */
	public static LimitReading read(String name, DataSource dataSource) {
		try (LimitReader reader = new LimitReader(name, dataSource::getConnection,
				(session) -> DatabaseDialect.of(session).read(session))) {
			return reader.read();
		}
	}

	LimitReading read() {
		try {
			BareConnections<DatabaseReading> idle = this.idle;
			if (idle == null || this.permits.allowSessionBeside()) {
				return this.beside.ask(TIMEOUT).limit();
			}
			DatabaseReading news = this.news.get();
			return ((news != null) ? news : idle.ask(TIMEOUT)).limit();
		}
		catch (TimeoutException ex) {
			return new LimitReading.Unavailable("no answer within " + TIMEOUT.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			return new LimitReading.Unavailable(Failures.describe(cause),
					Failures.trouble(cause) == ConnectTrouble.SERVER_DOWN);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new LimitReading.Unavailable("interrupted");
		}
	}

	@Override
	public void close() {
		this.beside.close();
		if (this.idle != null) {
			this.idle.close();
		}
	}

}
