package io.poolwise.pool.hikari;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Gives each new session its defaults. The first session of a server that nobody could
 * ask before is asked what it is, so that a pooler is never sent what it can't keep.
 */
final class DatabaseSessions implements SessionPreparer {

	private final SessionDefaults defaults;

	private volatile @Nullable DatabaseReading reading;

	private final AtomicReference<@Nullable DatabaseReading> news = new AtomicReference<>();

	private volatile BooleanSupplier doubted = () -> false;

	private volatile Runnable onUtc = () -> {
	};

	DatabaseSessions(SessionDefaults defaults) {
		this.defaults = defaults;
	}

	/**
	 * Asks a session of the server, and keeps the answer for the sessions to come.
	 * @param session a session
	 * @return the answer
	 * @throws SQLException if the server refuses
	 */
	DatabaseReading read(Connection session) throws SQLException {
		DatabaseReading reading = DatabaseDialect.of(session).read(session);
		this.reading = reading;
		if (this.defaults.initSql() == null && reading.dialect().utcStatement() != null) {
			this.onUtc.run();
		}
		return reading;
	}

	/**
	 * Names what to call when the server turns out to be one whose sessions are given the
	 * UTC time zone by default, maybe more than once.
	 * @param action called on the thread that asked the server
	 */
	void onUtc(Runnable action) {
		this.onUtc = action;
	}

	/**
	 * Names what says whether the server may be another one than it was. While it may,
	 * new sessions are asked, since a busy pool has no other to ask over.
	 * @param doubted asked for each new session
	 */
	void readWhile(BooleanSupplier doubted) {
		this.doubted = doubted;
	}

	/**
	 * What the last new session said of a server that may have been another one; once.
	 * @return the answer, {@code null} if there is none
	 */
	@Nullable DatabaseReading takeNews() {
		return this.news.getAndSet(null);
	}

	@Override
	public void prepare(Connection session) throws SQLException {
		DatabaseReading reading = this.reading;
		boolean doubted = this.doubted.getAsBoolean();
		if (reading == null || doubted) {
			reading = read(session);
			this.news.set(doubted ? reading : null);
		}
		List<String> statements = statements(reading);
		if (!statements.isEmpty()) {
			try (Statement statement = session.createStatement()) {
				for (String sql : statements) {
					statement.execute(sql);
				}
			}
		}
	}

	private List<String> statements(DatabaseReading reading) {
		List<String> statements = new ArrayList<>();
		String timeout = commandTimeoutStatement(reading);
		if (timeout != null) {
			statements.add(timeout);
		}
		String initSql = this.defaults.initSql();
		String first = (initSql != null) ? initSql : reading.dialect().utcStatement();
		if (first != null && !first.isBlank()) {
			statements.add(first);
		}
		return statements;
	}

	private @Nullable String commandTimeoutStatement(DatabaseReading reading) {
		Duration timeout = this.defaults.commandTimeout();
		boolean kept = reading.pooled() || (reading.commandTimeoutSet() && !this.defaults.commandTimeoutExplicit());
		return (timeout != null && !kept) ? reading.dialect().commandTimeoutStatement(timeout) : null;
	}

	/**
	 * The statement that lifts the command timeout of a session, for a migration.
	 * @return the statement, {@code null} if there is nothing to lift
	 */
	@Nullable String liftStatement() {
		DatabaseReading reading = this.reading;
		return (reading != null && commandTimeoutStatement(reading) != null)
				? reading.dialect().commandTimeoutStatement(Duration.ZERO) : null;
	}

	/**
	 * The statement that puts the command timeout back.
	 * @return the statement, {@code null} if there is nothing to put back
	 */
	@Nullable String restoreStatement() {
		DatabaseReading reading = this.reading;
		return (reading != null) ? commandTimeoutStatement(reading) : null;
	}

}
