package io.poolwise.pool;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * A caller was refused at once, since the pool may open no connection: its settings ask
 * for something that its server can't give.
 */
public class PoolRefusedException extends SQLTransientConnectionException implements PoolUnavailable {

	private final transient PoolShortage shortage;

	/**
	 * Creates the exception.
	 * @param shortage the pool as it was then
	 * @param reason why it may open none
	 */
	public PoolRefusedException(PoolShortage shortage, SQLException reason) {
		super("Pool '%s' may open no connection: %s".formatted(shortage.pool(), reason.getMessage()),
				reason.getSQLState(), reason);
		this.shortage = shortage;
	}

	@Override
	public PoolShortage getShortage() {
		return this.shortage;
	}

}
