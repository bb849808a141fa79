package io.poolwise.lease;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The numbers that a member works with.
 *
 * @param member this instance's number, random and never 0
 * @param seats connections of the budget kept free for members that join, J, at least 1
 * @param connects connects that one member may have under way, C, at least 1
 * @param strays connects, and as many coordinator sessions, that one member may have
 * given up or closed without a proof that they are gone, at least 1
 * @param minimumSize connections that the pools want to keep open when idle, at least 0
 * @param authenticationTimeout after it the server surely has no session of a connect
 * that was given up; the server's own setting and a margin
 * @param pollInterval how often to look at the fleet, jittered by 20 % either way
 * @param auditInterval how often to read everything though nothing seems to have changed:
 * what an application did to its own locks shows only there
 * @param settleInterval the shortest pause before something unfinished is looked at again
 * @param announceInterval the shortest pause between two announcements
 * @param joinPatience how long a joiner without sessions keeps its seat with fewer than
 * two slots
 * @param backoff the first pause after a failed attempt; doubles up to 32 times
 * @param stuckAfter a member above its share for this long, while somebody lacks
 * something, counts as fixed
 */
public record LeaseSettings(long member, int seats, int connects, int strays, int minimumSize,
		Duration authenticationTimeout, Duration pollInterval, Duration auditInterval, Duration settleInterval,
		Duration announceInterval, Duration joinPatience, Duration backoff, Duration stuckAfter) {

	/** The default for {@code seats}. */
	public static final int SEATS = 2;

	/** The default for {@code connects}. */
	public static final int CONNECTS = 1;

	/** The default for {@code strays}. */
	public static final int STRAYS = 3;

	/**
	 * Checks the numbers.
	 * @throws IllegalArgumentException if {@code seats}, {@code connects} or
	 * {@code strays} is below 1, {@code minimumSize} negative, or a duration negative
	 */
	public LeaseSettings {
		if (seats < 1 || connects < 1 || strays < 1 || minimumSize < 0) {
			throw new IllegalArgumentException("seats " + seats + ", connects " + connects + ", strays " + strays
					+ ", minimumSize " + minimumSize);
		}
		for (Duration duration : new Duration[] { authenticationTimeout, pollInterval, auditInterval, settleInterval,
				announceInterval, joinPatience, backoff, stuckAfter }) {
			if (duration.isNegative()) {
				throw new IllegalArgumentException("a duration may not be negative: " + duration);
			}
		}
	}

	/**
	 * The usual numbers: 2 seats, 1 connect, a server that authenticates within 60 s,
	 * polls every second.
	 * @param member this instance's number
	 * @param minimumSize connections that the pools want to keep open when idle
	 * @return settings
	 */
	public static LeaseSettings defaults(long member, int minimumSize) {
		return new LeaseSettings(member, SEATS, CONNECTS, STRAYS, minimumSize, Duration.ofSeconds(65),
				Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMillis(20), Duration.ofMillis(250),
				Duration.ofSeconds(3), Duration.ofMillis(100), Duration.ofSeconds(3));
	}

	/**
	 * The slots of a budget: what the seats leave of it. A budget of 87 with 2 seats has
	 * 85.
	 * @param budget connections of the whole fleet, at least 0
	 * @return slots, at least 0
	 */
	public int slots(int budget) {
		return Math.max(0, budget - this.seats);
	}

	/**
	 * The connections that a fleet may open above the budget for a moment, at worst:
	 * {@code max(0, members - 1 - seats) + connects x losses + unknown}.
	 * @param members instances that live, at least 1
	 * @param losses lost coordinators and killed instances whose sessions the server has
	 * not dropped yet
	 * @param unknown sessions that their instance gave up and the server still has:
	 * connects that outlived their coordinator, and attempts at a coordinator that were
	 * followed by the next; of each at most {@code strays} an instance
	 * @return connections, at least 0
	 */
	public int excess(int members, int losses, int unknown) {
		return Math.max(0, members - 1 - this.seats) + this.connects * losses + unknown;
	}

	/**
	 * The reserve that keeps the worst moment below the server's limit, if the given one
	 * does not: {@code (members - 1 - seats) + connects x (members + 2)}, for as many
	 * lost coordinators, killed instances and sessions of unknown outcome as there are
	 * members and two more. Five members with the defaults need 2 + 7 = 9.
	 * @param members instances that may live at once, at least 1
	 * @param reserve the connections left free by the budget, at least 0
	 * @return the reserve to have, in connections; empty if the given one suffices
	 */
	public OptionalInt reserveNeeded(int members, int reserve) {
		int needed = members - 1 - this.seats + this.connects * (members + 2);
		return (reserve < needed) ? OptionalInt.of(needed) : OptionalInt.empty();
	}

}
