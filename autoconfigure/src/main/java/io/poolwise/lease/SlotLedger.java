package io.poolwise.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lock manager of one database server as the ledger of slots: what the commands of
 * {@link LeaseMember} mean in its words.
 * <p>
 * A ledger belongs to one namespace on one database. Its locks are exclusive, belong to a
 * session, and end with it: {@code own(s)} and {@code use(s)} for every slot {@code s}
 * from 1, and {@code seat(j)} for every seat {@code j} from 1. No lock is ever shared,
 * put into a transaction, or given a lifetime.
 * <p>
 * Who implements it keeps to this:
 * <ul>
 * <li>Every call waits for the server, at most as long as the session's socket timeout,
 * and never for a lock: a lock is taken at once or not at all.</li>
 * <li>Identities are read from the server, in the same query as what they are attached
 * to, so that they can be compared with {@code equals}.</li>
 * <li>A lock that was not taken leaves nothing behind. A call that fails leaves the
 * session unusable: its caller closes it.</li>
 * <li>Nothing is cached between calls.</li>
 * </ul>
 */
public interface SlotLedger {

	/**
	 * Opens a coordinator session: connects, sets keepalives and timeouts, reads the
	 * identity, refuses servers that can't be a ledger (a pooler in between, locks that
	 * are not real), and takes the first free seat it can get.
	 * @return the session, with its seat if one was free
	 * @throws RefusedException if this server can't be a ledger, whatever is tried again;
	 * no session is left
	 * @throws OpenException if it did not work this time
	 */
	Coordinator open() throws RefusedException, OpenException;

	/**
	 * Fences a new pool session: takes {@code use(slot)}, then, as a second statement of
	 * the same round trip, reads who holds {@code own(slot)}. Both always run, in this
	 * order: an {@code own} read before {@code use} was taken proves nothing.
	 * @param connection the session, just opened, on which nothing else ran
	 * @param grant what it was opened with
	 * @return what became of it
	 * @throws SQLException if the outcome is not known; the caller closes the session
	 */
	Fence fence(Connection connection, Grant grant) throws SQLException;

	/**
	 * What a new pool session found.
	 *
	 * @param session its identity
	 * @param useTaken whether it holds {@code use} of its slot now
	 * @param ownHeld whether {@code own} of its slot was held by exactly the session
	 * {@link Grant#coordinator()}, read after {@code use} was taken
	 */
	record Fence(SessionId session, boolean useTaken, boolean ownHeld) {
	}

	/**
	 * A coordinator session. Used by one thread at a time, but for {@link #close()},
	 * which any thread may call. Each method throws {@link SQLException} if the session
	 * broke or the answer did not come in time; then only {@code close()} is called.
	 */
	interface Coordinator extends AutoCloseable {

		/**
		 * The identity of this session.
		 * @return the identity; its server number differs after a restart, a failover or
		 * a change between primary and standby
		 */
		SessionId session();

		/**
		 * The seat that was taken when it was opened.
		 * @return the seat from 1, or 0 if none was free
		 */
		int seat();

		/**
		 * Makes an announcement visible to the snapshots of all members, instead of the
		 * one before, and hints to the others.
		 * @param announcement what to tell
		 * @throws SQLException if the session broke
		 */
		void announce(Announcement announcement) throws SQLException;

		/**
		 * Takes {@code own} of candidates, one after the other in their order, until
		 * enough are taken. Of each it takes {@code own}, <em>then</em> checks that
		 * nobody holds {@code use}, and if somebody does gives {@code own} back and goes
		 * on. Exactly the returned ones are held afterwards.
		 * @param candidates slots that this session does not own: locks are re-entrant,
		 * one taken twice would outlive its release
		 * @param count how many to take at most
		 * @return the slots taken
		 * @throws SQLException if the session broke
		 */
		Set<Integer> tryAcquire(List<Integer> candidates, int count) throws SQLException;

		/**
		 * Takes {@code own} of slots that sessions of ours still use. Of each it takes
		 * {@code own}, <em>then</em> checks that exactly the given session holds
		 * {@code use}, and if not gives {@code own} back.
		 * @param sessions our sessions by slot, none of which this session owns
		 * @return the slots taken
		 * @throws SQLException if the session broke
		 */
		Set<Integer> readopt(Map<Integer, SessionId> sessions) throws SQLException;

		/**
		 * Pays for this session: takes {@code use(slot)} and, only if that worked, gives
		 * the seat up afterwards.
		 * @param slot a slot that this session owns
		 * @param seat the seat that it holds
		 * @return whether it paid
		 * @throws SQLException if the session broke
		 */
		boolean pay(int slot, int seat) throws SQLException;

		/**
		 * Gives {@code own} of slots back, and hints to the others.
		 * @param slots slots that this session owns
		 * @throws SQLException if the session broke
		 */
		void release(Collection<Integer> slots) throws SQLException;

		/**
		 * Reads who holds what, in one query that begins after this call. Owners and
		 * users of all slots that anybody holds, whoever they are, the announcements of
		 * all coordinators, and which of the watched sessions the server still has: those
		 * whose process is there, whether or not they hold a lock.
		 * @param slots read at least the slots 1 to this
		 * @param watched sessions that were closed
		 * @return what was read
		 * @throws SQLException if the session broke
		 */
		Snapshot snapshot(int slots, Set<SessionId> watched) throws SQLException;

		/**
		 * Sees whether the fleet looks as it did, at a cost that does not grow with the
		 * slots: the {@link Snapshot#version()} that a snapshot would have. It is a
		 * number made of the announcements of all coordinators and which sessions made
		 * them.
		 * @return the version
		 * @throws SQLException if the session broke
		 */
		long poll() throws SQLException;

		/**
		 * Waits for the hint of another member, or for {@link #wake()}.
		 * @param timeout how long to wait at most; servers without hints wait as long
		 * @return whether a hint came
		 * @throws SQLException if the session broke
		 */
		boolean awaitHint(Duration timeout) throws SQLException;

		/** Ends a wait for a hint, from any thread, because there is something to ask. */
		void wake();

		/**
		 * Gives everything up by ending the session, hinting to the others if it can;
		 * then waits a moment to see that the server dropped it.
		 * @return whether the session is proven gone
		 */
		boolean end();

		/** Ends the session without a proof that the server dropped it. */
		@Override
		default void close() {
			end();
		}

	}

	/**
	 * A coordinator could not be opened this time.
	 */
	final class OpenException extends Exception {

		private static final long serialVersionUID = 1L;

		private final boolean outcomeKnown;

		/**
		 * Creates the exception.
		 * @param message what happened
		 * @param outcomeKnown whether the server has no session of the attempt, for sure
		 * @param cause why
		 */
		public OpenException(String message, boolean outcomeKnown, Throwable cause) {
			super(message, cause);
			this.outcomeKnown = outcomeKnown;
		}

		/**
		 * Whether the server has no session of the attempt, for sure: it refused, or
		 * nothing was sent. A timeout is never known.
		 * @return whether it is known
		 */
		public boolean outcomeKnown() {
			return this.outcomeKnown;
		}

	}

	/**
	 * This server can't be a ledger.
	 */
	final class RefusedException extends Exception {

		private static final long serialVersionUID = 1L;

		/**
		 * Creates the exception.
		 * @param message why, for people, with what to do
		 */
		public RefusedException(String message) {
			super(message);
		}

	}

}
