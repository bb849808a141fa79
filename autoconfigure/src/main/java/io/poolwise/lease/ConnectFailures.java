package io.poolwise.lease;

import java.io.EOFException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.sql.SQLException;

/**
 * What the network says about a connect that failed.
 */
public final class ConnectFailures {

	private ConnectFailures() {
	}

	/**
	 * Whether the connection was refused, never found its way, or was ended by the other
	 * side: then there is no session. A timeout says nothing.
	 * @param failure what the connect failed with
	 * @return whether there is no session, for sure
	 */
	public static boolean ended(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (isEnd(cause)) {
				return true;
			}
			if (cause instanceof SQLException sql) {
				// what the server said at last comes first, and the end of the stream
				// next
				for (Throwable each : sql) {
					if (isEnd(each)) {
						return true;
					}
				}
			}
		}
		return false;
	}

	private static boolean isEnd(Throwable failure) {
		return failure instanceof SocketException || failure instanceof EOFException
				|| failure instanceof UnknownHostException;
	}

}
