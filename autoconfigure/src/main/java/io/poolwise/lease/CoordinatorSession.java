package io.poolwise.lease;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One coordinator session on the server. Used by one thread at a time. Any exception
 * means that the session is lost.
 */
public interface CoordinatorSession {

	/**
	 * The session's identity.
	 * @return the identity
	 */
	SessionId id();

	/**
	 * Asks which server the session is on.
	 * @return the server's start and its present role, as {@link SessionId#server()}
	 * @throws LedgerException if the session broke
	 */
	long server() throws LedgerException;

	/**
	 * The seat that it took when it was opened.
	 * @return the seat, 0 if none was free
	 */
	int seat();

	/**
	 * Tells the others.
	 * @param announcement what to tell
	 * @throws LedgerException if the session broke
	 */
	void announce(Announcement announcement) throws LedgerException;

	/**
	 * Reads who holds what.
	 * @param slots at least the slots 1 to this
	 * @param watched sessions that may be gone, to say which of them are still there
	 * @return what was read
	 * @throws LedgerException if the session broke
	 */
	Snapshot snapshot(int slots, Set<SessionId> watched) throws LedgerException;

	/**
	 * Takes {@code own} of slots whose {@code use} is free.
	 * @param candidates slots to try, in this order; none is held by this session
	 * @param count how many to take, at least 1
	 * @param budget slots and seats together; a slot is given back if somebody has a seat
	 * above {@code budget - slot}
	 * @return the slots taken, at most {@code count}
	 * @throws LedgerException if the session broke
	 */
	Set<Integer> acquire(List<Integer> candidates, int count, int budget) throws LedgerException;

	/**
	 * Takes {@code own} of slots whose {@code use} the given sessions hold.
	 * @param sessions the sessions, by slot
	 * @return the slots taken
	 * @throws LedgerException if the session broke
	 */
	Set<Integer> readopt(Map<Integer, SessionId> sessions) throws LedgerException;

	/**
	 * Takes {@code use} of a slot for this session; if that works, gives up the seat.
	 * @param slot a slot that it owns
	 * @param seat its seat
	 * @return whether it worked; if not, nothing changed
	 * @throws LedgerException if the session broke
	 */
	boolean pay(int slot, int seat) throws LedgerException;

	/**
	 * Takes {@code use} of another slot for this session; if that works, gives up
	 * {@code use} of the former.
	 * @param slot a slot that it owns
	 * @param former the slot that it has paid with, and owns
	 * @return whether it worked; if not, nothing changed
	 * @throws LedgerException if the session broke
	 */
	boolean repay(int slot, int former) throws LedgerException;

	/**
	 * Gives back {@code own} of slots, and tells the others.
	 * @param slots slots that it owns
	 * @throws LedgerException if the session broke
	 */
	void release(Set<Integer> slots) throws LedgerException;

	/**
	 * Looks whether members came, went or announced something else. What it
	 * {@linkplain #hears hears} anyway it need not look for.
	 * @return the number of the last {@link Snapshot#version()} if nothing was found
	 * @throws LedgerException if the session broke
	 */
	long poll() throws LedgerException;

	/**
	 * Counts the sessions that hold neither a slot nor a seat.
	 * @param narrow whether to count those of the database and of the login, too
	 * @return how many
	 * @throws LedgerException if the session broke
	 */
	Strangers strangers(boolean narrow) throws LedgerException;

	/**
	 * Whether the others can be heard at once.
	 * @return whether {@link #hears} ever returns {@code true}
	 */
	boolean listens();

	/**
	 * Waits for a hint of another member.
	 * @param time how long to wait at most, at least 1 ms
	 * @return whether there was one; {@code false} at once if it can't listen
	 * @throws LedgerException if the session broke
	 */
	boolean hears(Duration time) throws LedgerException;

	/**
	 * Closes the session with all its locks, tells the others, and waits until the server
	 * has dropped it.
	 * @return whether it is proven that the session is gone
	 */
	boolean end();

	/**
	 * Closes the session without a word to the server. Any thread may do that.
	 */
	void abort();

}
