package io.poolwise.pool;

import java.sql.SQLTransientConnectionException;

import org.jspecify.annotations.Nullable;

/**
 * Signals that a pool was given no {@linkplain ConnectionPermits leave} to open a
 * connection. Callers of the pool get it as the cause of a {@link PoolUnavailable}
 * exception.
 */
public final class NoLeaveException extends SQLTransientConnectionException {

	private static final long serialVersionUID = 1L;

	private final boolean lasting;

	private NoLeaveException(String reason, boolean lasting, @Nullable Throwable cause) {
		super(reason, cause);
		this.lasting = lasting;
	}

	/**
	 * There is none at present.
	 * @param reason why, for people, without a secret
	 * @param cause what led to it, {@code null} if nothing was thrown
	 * @return the exception
	 */
	public static NoLeaveException atPresent(String reason, @Nullable Throwable cause) {
		return new NoLeaveException(reason, false, cause);
	}

	/**
	 * There is none until somebody changes something.
	 * @param reason why, for people, without a secret
	 * @return the exception
	 */
	public static NoLeaveException refused(String reason) {
		return new NoLeaveException(reason, true, null);
	}

	/**
	 * Whether waiting is of no use.
	 * @return {@code true} until somebody changes something
	 */
	public boolean isLasting() {
		return this.lasting;
	}

}
