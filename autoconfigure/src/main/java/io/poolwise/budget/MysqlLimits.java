package io.poolwise.budget;

import java.util.ArrayList;
import java.util.List;

/**
 * What a MySQL or MariaDB server says about its connections, as one account sees it.
 *
 * @param product the server's product name, {@code MySQL} or {@code MariaDB}
 * @param version the server's version as it names it
 * @param maxConnections {@code max_connections}, at least 1; the one connection more that
 * the server keeps for an administrator isn't in it, so nothing is subtracted
 * @param maxUserConnections {@code max_user_connections} of the session, which is the
 * account's own limit where it has one; 0 for none, negative where the server lets no
 * ordinary account in (MariaDB's -1)
 */
public record MysqlLimits(String product, String version, long maxConnections, long maxUserConnections) {

	public MysqlLimits {
		Numbers.requireAtLeast(1, maxConnections, "max_connections");
	}

	/**
	 * Returns what the server grants the account: the lesser of {@code max_connections}
	 * and {@code max_user_connections}.
	 * @return the limit with its reasons
	 */
	public ServerLimit toLimit() {
		List<String> reasons = new ArrayList<>();
		reasons.add(this.product + " " + this.version + ": max_connections " + this.maxConnections);
		int login = LimitBounds.NONE;
		if (this.maxUserConnections < 0) {
			reasons.add("max_user_connections is " + this.maxUserConnections + ": no ordinary account may connect");
			login = 0;
		}
		else if (this.maxUserConnections > 0) {
			boolean decides = this.maxUserConnections < this.maxConnections;
			reasons.add("max_user_connections is " + this.maxUserConnections
					+ (decides ? ", lower than " + this.maxConnections + ": it decides"
							: ", not lower than " + this.maxConnections));
			login = Numbers.saturated(this.maxUserConnections);
		}
		return ServerLimit.ofServer(new LimitBounds(Numbers.saturated(this.maxConnections), LimitBounds.NONE, login),
				reasons);
	}

}
