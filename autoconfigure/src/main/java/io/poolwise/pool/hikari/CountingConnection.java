package io.poolwise.pool.hikari;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A connection that counts the statements made on it. A statement counts once, when it is
 * made, however often it runs: to count its runs, each statement would need a wrapper. As
 * long as DelegatingConnection for the same reason.
 */
abstract class CountingConnection extends DelegatingConnection {

	// by whoever has borrowed the connection; a return passes it on
	private long statements;

	CountingConnection(Connection delegate) {
		super(delegate);
	}

	/**
	 * Statements that were made since the connection was opened, by the pool's own checks
	 * too.
	 * @return how many, at least 0
	 */
	final long statements() {
		return this.statements;
	}

	@Override
	public Statement createStatement() throws SQLException {
		this.statements++;
		return super.createStatement();
	}

	@Override
	public Statement createStatement(int type, int concurrency) throws SQLException {
		this.statements++;
		return super.createStatement(type, concurrency);
	}

	@Override
	public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
		this.statements++;
		return super.createStatement(type, concurrency, holdability);
	}

	@Override
	public PreparedStatement prepareStatement(String sql) throws SQLException {
		this.statements++;
		return super.prepareStatement(sql);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
		this.statements++;
		return super.prepareStatement(sql, type, concurrency);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
			throws SQLException {
		this.statements++;
		return super.prepareStatement(sql, type, concurrency, holdability);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int generatedKeys) throws SQLException {
		this.statements++;
		return super.prepareStatement(sql, generatedKeys);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, int[] columns) throws SQLException {
		this.statements++;
		return super.prepareStatement(sql, columns);
	}

	@Override
	public PreparedStatement prepareStatement(String sql, String[] columns) throws SQLException {
		this.statements++;
		return super.prepareStatement(sql, columns);
	}

	@Override
	public CallableStatement prepareCall(String sql) throws SQLException {
		this.statements++;
		return super.prepareCall(sql);
	}

	@Override
	public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
		this.statements++;
		return super.prepareCall(sql, type, concurrency);
	}

	@Override
	public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
		this.statements++;
		return super.prepareCall(sql, type, concurrency, holdability);
	}

}
