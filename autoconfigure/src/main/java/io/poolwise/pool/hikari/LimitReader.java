package io.poolwise.pool.hikari;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import javax.sql.DataSource;

import io.poolwise.budget.LimitReading;

/**
 * Reads a database server's limit over one short-lived connection, bounded in time.
 */
public final class LimitReader implements AutoCloseable {

	// as long as a local server under load may need; a pool itself would wait longer
	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final BareConnections<DatabaseReading> connections;

	LimitReader(String pool, BareConnections.Connector connector, BareConnections.Question<DatabaseReading> question) {
		this.connections = new BareConnections<>("limit-" + pool, connector, question);
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
			return this.connections.ask(TIMEOUT).limit();
		}
		catch (TimeoutException ex) {
			return new LimitReading.Unavailable("no answer within " + TIMEOUT.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			return new LimitReading.Unavailable(Failures.describe(ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new LimitReading.Unavailable("interrupted");
		}
	}

	@Override
	public void close() {
		this.connections.close();
	}

}
