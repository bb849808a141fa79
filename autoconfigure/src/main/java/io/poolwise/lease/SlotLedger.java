package io.poolwise.lease;

import java.time.Duration;

/**
 * The locks of one server, seen as the record of who holds which slot: {@code own},
 * {@code use} and seats, all of them exclusive locks of sessions, so that what a dead
 * instance held is free exactly when the server has dropped its sessions.
 * <p>
 * Who implements it keeps to this: no lock is ever shared, waited for, or given a
 * lifetime; identities are read from the server in the same query as what they are
 * attached to, so that they can be compared; a lock that was not taken leaves nothing
 * behind; nothing is cached between calls.
 * <p>
 * Safe for any thread. Every method may wait for the server, bounded by a timeout of the
 * sessions themselves; opening one by the driver's own timeouts.
 *
 * @param <C> a connection of the pool
 */
public interface SlotLedger<C> {

	/**
	 * Opens a coordinator session and takes a free seat, if there is one.
	 * @param seats the seats there are, at least 1
	 * @param budget slots and seats together; another seat than the first is given back
	 * if somebody holds something of a slot above {@code budget - seat}
	 * @return the session
	 * @throws LedgerException if there is none to be had
	 */
	CoordinatorSession open(int seats, int budget) throws LedgerException;

	/**
	 * Takes {@code use} of a slot for a new connection; then, as a second statement of
	 * the same round trip, reads who holds {@code own}.
	 * @param connection the connection, which nobody used yet
	 * @param grant the slot, and the coordinator that should hold it
	 * @return what came of it
	 * @throws LedgerException if that failed; the connection has to be closed
	 */
	Fenced fence(C connection, Grant grant) throws LedgerException;

	/**
	 * Gives back what a connection took of a slot in its fence: it is used without one.
	 * @param connection the connection, which nobody used yet
	 * @param slot the slot
	 * @return whether it surely holds nothing of it any more
	 */
	boolean forgo(C connection, int slot);

	/**
	 * Closes a connection, and waits until the server has dropped its session.
	 * @param connection the connection, which may be broken
	 * @return whether it is proven that the session is gone
	 */
	boolean end(C connection);

	/**
	 * Whether a connect that failed left no session behind, for sure.
	 * @param failure what it failed with
	 * @param took how long it took, at most
	 * @return {@code false} where the server may still have or get a session
	 */
	boolean leftNoSession(Throwable failure, Duration took);

	/**
	 * What came of a fence.
	 *
	 * @param session the connection's identity
	 * @param useTaken whether it holds {@code use}
	 * @param ownHeld whether, read after that, the coordinator of the grant held
	 * {@code own}
	 */
	record Fenced(SessionId session, boolean useTaken, boolean ownHeld) {
	}

}
