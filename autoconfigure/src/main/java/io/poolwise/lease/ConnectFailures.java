package io.poolwise.lease;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Decides what a network failure proves about the server's session.
 * <p>
 * The JDK has no types of its own for some of these failures. The messages that it is
 * recognized by are in this class only, and {@code ConnectFailuresTests} provokes each of
 * them over real sockets, with the JDK and with the drivers.
 */
public final class ConnectFailures {

	/** Message of a {@link SocketTimeoutException}: no answer to the SYN. */
	private static final String NO_ANSWER = "Connect timed out";

	/** Start of the message of a {@link SocketException}: the other side sent a RST. */
	private static final String RESET = "Connection reset";

	/**
	 * Start of the message of a {@link SocketException}: there is no route. An
	 * established connection can end with it too, when retransmissions time out.
	 */
	private static final String NO_NETWORK = "Network is unreachable";

	private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

	private ConnectFailures() {
	}

	/**
	 * Whether a connect failed before a server accepted the connection, or was ended by
	 * the server. A read that timed out proves nothing, nor does a connection that the
	 * local system gave up.
	 * @param failure the failure of the connect
	 * @param took duration of the connect, at most
	 * @return whether the server certainly has no session of it
	 */
	public static boolean leftNoSession(Throwable failure, Duration took) {
		return any(failure, (each) -> isEnd(each) || foundNobody(each, took));
	}

	/**
	 * Whether an established session failed because the other side ended it.
	 * @param failure the failure
	 * @return whether the end was seen: the end of the stream, or a RST
	 */
	public static boolean ended(Throwable failure) {
		return any(failure, ConnectFailures::isEnd);
	}

	/**
	 * Searches the causes, and the next exceptions of each: a driver may report the
	 * server's last message first, and the end of the stream next.
	 */
	private static boolean any(Throwable failure, Predicate<Throwable> test) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (test.test(cause)) {
				return true;
			}
			if (cause instanceof SQLException sql) {
				for (Throwable each : sql) {
					if (test.test(each)) {
						return true;
					}
				}
			}
		}
		return false;
	}

	private static boolean isEnd(Throwable failure) {
		return failure instanceof EOFException
				|| (failure instanceof SocketException && message(failure).startsWith(RESET));
	}

	private static boolean foundNobody(Throwable failure, Duration took) {
		return failure instanceof ConnectException || failure instanceof NoRouteToHostException
				|| failure instanceof UnknownHostException
				|| (failure instanceof SocketTimeoutException && message(failure).equalsIgnoreCase(NO_ANSWER))
				|| (failure instanceof SocketException && message(failure).startsWith(NO_NETWORK)
						&& took.compareTo(SHORTEST_TIMEOUT) < 0);
	}

	private static String message(Throwable failure) {
		return String.valueOf(failure.getMessage());
	}

}
