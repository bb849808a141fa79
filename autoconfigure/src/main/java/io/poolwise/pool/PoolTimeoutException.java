package io.poolwise.pool;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A caller waited for a connection for the whole acquire timeout and got none. The
 * message has HikariCP's words, which people search logs for.
 */
public class PoolTimeoutException extends SQLTransientConnectionException implements PoolUnavailable {

	private final transient PoolShortage shortage;

	private final transient @Nullable PostMortem postMortem;

	/**
	 * Creates the exception in the place of another one, with its state, code and cause.
	 * @param shortage the pool as it was then
	 * @param waited how long the caller waited
	 * @param postMortem why, as far as it is known
	 * @param original what the pool threw
	 */
	public PoolTimeoutException(PoolShortage shortage, Duration waited, @Nullable PostMortem postMortem,
			SQLException original) {
		super("Pool '%s': Connection is not available, request timed out after %d ms (pool.database.acquire-timeout): %s.%s%s"
			.formatted(shortage.pool(), waited.toMillis(), shortage.inWords(), sentence(postMortem),
					sentence(cause(original))),
				original.getSQLState(), original.getErrorCode(), cause(original));
		this.shortage = shortage;
		this.postMortem = postMortem;
		SQLException next = original.getNextException();
		if (next != null) {
			setNextException(next);
		}
	}

	private static @Nullable Throwable cause(SQLException original) {
		return (original instanceof NoLeaveException) ? original : original.getCause();
	}

	private static String sentence(@Nullable Throwable cause) {
		return (cause instanceof NoLeaveException) ? " " + cause.getMessage() + "." : "";
	}

	private static String sentence(@Nullable PostMortem postMortem) {
		return (postMortem != null) ? " " + postMortem.sentence() : "";
	}

	@Override
	public PoolShortage getShortage() {
		return this.shortage;
	}

	/**
	 * Why the caller waited in vain, as it looked at that moment.
	 * @return the judgement, {@code null} if there is none
	 */
	public @Nullable PostMortem getPostMortem() {
		return this.postMortem;
	}

}
