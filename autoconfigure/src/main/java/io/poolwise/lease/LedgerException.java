package io.poolwise.lease;

/**
 * Signals that the server's locks could not be asked.
 */
public final class LedgerException extends Exception {

	private static final long serialVersionUID = 1L;

	private final boolean sessionGone;

	private final boolean forbidden;

	/**
	 * Creates an exception.
	 * @param message what happened, without a secret; its first line is kept that isn't
	 * blank, as drivers put details and hints into the next ones
	 * @param sessionGone whether it is certain that the server has no session of it
	 * @param cause what led to it
	 */
	public LedgerException(String message, boolean sessionGone, Throwable cause) {
		this(message, sessionGone, false, cause);
	}

	private LedgerException(String message, boolean sessionGone, boolean forbidden, Throwable cause) {
		super(message.lines().map(String::strip).filter((line) -> !line.isEmpty()).findFirst().orElse(""), cause);
		this.sessionGone = sessionGone;
		this.forbidden = forbidden;
	}

	/**
	 * Creates an exception for a session whose role may not do what leases need.
	 * @param message what happened, without a secret
	 * @param sessionGone whether it is certain that the server has no session of it
	 * @param cause what led to it
	 * @return the exception
	 */
	public static LedgerException forbidden(String message, boolean sessionGone, Throwable cause) {
		return new LedgerException(message, sessionGone, true, cause);
	}

	/**
	 * Whether the role may not do what leases need: trying again is of no use.
	 * @return {@code false} if something else failed
	 */
	public boolean isForbidden() {
		return this.forbidden;
	}

	/**
	 * Whether it is certain that the server has no session of the attempt.
	 * @return {@code false} if it may still have or get one
	 */
	public boolean sessionGone() {
		return this.sessionGone;
	}

}
