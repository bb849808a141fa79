package io.poolwise.lease;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Whether a server's locks can be the record of slots, as one session found out. Whether
 * two sessions see each other's locks is found out by the {@linkplain SlotLedger#fence
 * fence} of each connection.
 *
 * @param objection why not, one sentence for people; {@code null} if they can
 * @param server the server's start and role, equal for all sessions of one server; 0 if
 * there is an objection
 * @param authenticationTimeout how long the server lets a session take to log in
 */
public record LedgerFitness(@Nullable String objection, long server, Duration authenticationTimeout) {

	/**
	 * The server's locks will do.
	 * @param server the server's start and role
	 * @param authenticationTimeout how long it lets a session take to log in
	 * @return the verdict
	 */
	public static LedgerFitness fit(long server, Duration authenticationTimeout) {
		return new LedgerFitness(null, server, authenticationTimeout);
	}

	/**
	 * They will not.
	 * @param objection why not
	 * @return the verdict
	 */
	public static LedgerFitness unfit(String objection) {
		return new LedgerFitness(objection, 0, Duration.ZERO);
	}

}
