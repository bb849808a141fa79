package io.poolwise.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the whole fleet may open on one server.
 *
 * @param limit what the server grants
 * @param reserveConnections the connections left for people and other programs, 0 or
 * more; an absolute reserve may be above the limit
 * @param share the part of the rest that this application takes, above 0 and at most 1
 * @param connections the budget, from 0 to the limit
 * @param reasons how the number was derived from the server on, in order
 */
public record Budget(ServerLimit limit, int reserveConnections, BigDecimal share, int connections,
		List<String> reasons) {

	// Bounded, so that no share makes the exact arithmetic expensive.
	private static final int SHARE_DECIMALS = 18;

	public Budget {
		Numbers.requireAtLeast(0, reserveConnections, "A reserve");
		requireShare(share);
		if (connections < 0 || connections > limit.connections()) {
			throw new IllegalArgumentException(
					"A budget must be from 0 to the limit of " + limit.connections() + ", but was " + connections);
		}
		reasons = List.copyOf(reasons);
	}

	/**
	 * Derives the budget from a server's limit: (limit - reserve) x share, rounded down.
	 * <p>
	 * Examples: a limit of 97 with a reserve of 10 % (9.7, so 10) and a share of 1 is a
	 * budget of 87; a limit of 197 with a reserve of 20 is a budget of 177.
	 * @param limit what the server grants, or the key that overrides it; both lose the
	 * reserve
	 * @param reserve what is left for others
	 * @param share the part of the rest for this application, above 0, at most 1, with at
	 * most 18 decimals
	 * @return the budget, 0 if the reserve takes all
	 * @throws IllegalArgumentException if the share is out of range
	 */
	public static Budget of(ServerLimit limit, Reserve reserve, BigDecimal share) {
		requireShare(share);
		int reserved = reserve.of(limit.connections());
		int rest = Math.max(0, limit.connections() - reserved);
		BigDecimal exact = BigDecimal.valueOf(rest).multiply(share);
		int connections = exact.setScale(0, RoundingMode.FLOOR).intValueExact();
		List<String> reasons = new ArrayList<>(limit.reasons());
		reasons.add(reserve.derivation(limit.connections()));
		reasons.add(derivation(limit.connections(), reserved, share, exact, connections));
		return new Budget(limit, reserved, share, connections, reasons);
	}

	private static String derivation(int limit, int reserved, BigDecimal share, BigDecimal exact, int connections) {
		String rest = limit + " - " + reserved;
		if (reserved > limit) {
			return "budget " + rest + ": the reserve takes all, 0 left";
		}
		if (share.compareTo(BigDecimal.ONE) == 0) {
			return "budget " + rest + " = " + connections;
		}
		String budget = "budget (" + rest + ") x " + Numbers.plain(share) + " = " + Numbers.plain(exact);
		boolean whole = exact.compareTo(BigDecimal.valueOf(connections)) == 0;
		return whole ? budget : budget + ", rounded down to " + connections;
	}

	private static void requireShare(BigDecimal share) {
		if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
			throw new IllegalArgumentException("A share must be above 0 and at most 1, but was " + share);
		}
		if (share.scale() > SHARE_DECIMALS) {
			throw new IllegalArgumentException(
					"A share may have at most " + SHARE_DECIMALS + " decimals, but was " + share);
		}
	}

}
