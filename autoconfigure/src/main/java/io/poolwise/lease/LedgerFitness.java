package io.poolwise.lease;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Whether a server's locks can be the record of slots, as two sessions found out.
 *
 * @param objection why not, one sentence for people; {@code null} if they can
 * @param inUse whether somebody shares slots by them all the same; known only if there is
 * an objection
 * @param authenticationTimeout how long the server lets a session take to log in
 */
public record LedgerFitness(@Nullable String objection, boolean inUse, Duration authenticationTimeout) {

	/**
	 * The server's locks will do.
	 * @param authenticationTimeout how long it lets a session take to log in
	 * @return the verdict
	 */
	public static LedgerFitness fit(Duration authenticationTimeout) {
		return new LedgerFitness(null, false, authenticationTimeout);
	}

	/**
	 * They will not.
	 * @param objection why not
	 * @param inUse whether somebody shares slots by them all the same
	 * @return the verdict
	 */
	public static LedgerFitness unfit(String objection, boolean inUse) {
		return new LedgerFitness(objection, inUse, Duration.ZERO);
	}

}
