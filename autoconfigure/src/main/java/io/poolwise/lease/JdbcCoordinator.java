package io.poolwise.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the coordinator sessions of every database have in common. The locks themselves
 * are for its subclasses.
 */
public abstract class JdbcCoordinator implements CoordinatorSession {

	/** The highest seat that any member may have. */
	protected static final int MOST_SEATS = 100;

	private static final int NOT_LOOKED = 0;

	private final Connection connection;

	private final SessionId id;

	private int seat;

	/**
	 * Takes over a session.
	 * @param connection the session
	 * @param id its identity
	 * @param seat the seat that it took, 0 for none
	 */
	protected JdbcCoordinator(Connection connection, SessionId id, int seat) {
		this.connection = connection;
		this.id = id;
		this.seat = seat;
	}

	@Override
	public final SessionId id() {
		return this.id;
	}

	@Override
	public final int seat() {
		return this.seat;
	}

	/**
	 * The session.
	 * @return the connection
	 */
	protected final Connection connection() {
		return this.connection;
	}

	@Override
	public final Set<Integer> acquire(List<Integer> candidates, int count, int budget) throws LedgerException {
		int[] seat = { NOT_LOOKED };
		return take(candidates, count, (slot, others) -> {
			if (others.isEmpty() && slot > budget - MOST_SEATS && seat[0] == NOT_LOOKED) {
				seat[0] = highestSeat();
			}
			return others.isEmpty() && slot + seat[0] <= budget;
		});
	}

	/**
	 * Goes to the first seat if slots are in use that the present one takes from the
	 * budget: the first is nobody's slot.
	 */
	final void keepSeat(int budget) throws SQLException {
		if (this.seat > 1 && isAnySlotTaken(budget - this.seat)) {
			giveSeatBack(this.seat);
			this.seat = takeSeat(1) ? 1 : 0;
		}
	}

	@Override
	public final Set<Integer> readopt(Map<Integer, SessionId> sessions) throws LedgerException {
		Set<Integer> slots = sessions.keySet();
		return take(slots, slots.size(), (slot, others) -> others.equals(Set.of(sessions.get(slot))));
	}

	/**
	 * Takes {@code own} first and looks second, and gives back what it may not keep.
	 */
	private Set<Integer> take(Collection<Integer> candidates, int count, OthersCheck check) throws LedgerException {
		return ask(() -> {
			Set<Integer> right = new LinkedHashSet<>();
			Set<Integer> wrong = new LinkedHashSet<>();
			for (Map.Entry<Integer, Set<SessionId>> each : takeOwn(candidates, count).entrySet()) {
				(check.holds(each.getKey(), each.getValue()) ? right : wrong).add(each.getKey());
			}
			if (!wrong.isEmpty()) {
				giveBackOwn(wrong);
			}
			return right;
		});
	}

	/**
	 * Takes {@code own} of some slots; then looks who else holds {@code own} or
	 * {@code use} of them.
	 * @param candidates slots to try, in this order
	 * @param count how many to take at most, at least 1
	 * @return the slots taken, each with those others
	 * @throws SQLException if the session broke
	 */
	protected abstract Map<Integer, Set<SessionId>> takeOwn(Collection<Integer> candidates, int count)
			throws SQLException;

	/**
	 * Gives {@code own} of slots back.
	 * @param slots slots that it owns, at least one
	 * @throws SQLException if the session broke
	 */
	protected abstract void giveBackOwn(Set<Integer> slots) throws SQLException;

	/**
	 * The highest seat that somebody has.
	 * @return the seat, 0 if all are free
	 * @throws SQLException if the session broke
	 */
	protected abstract int highestSeat() throws SQLException;

	/**
	 * Whether somebody holds {@code own} or {@code use} of a slot.
	 * @param above the slots above this one
	 * @return whether there is one
	 * @throws SQLException if the session broke
	 */
	protected abstract boolean isAnySlotTaken(int above) throws SQLException;

	/**
	 * Takes one seat.
	 * @param seat the seat
	 * @return whether it was free
	 * @throws SQLException if the session broke
	 */
	protected abstract boolean takeSeat(int seat) throws SQLException;

	/**
	 * Gives a seat back.
	 * @param seat the seat
	 * @throws SQLException if the session broke
	 */
	protected abstract void giveSeatBack(int seat) throws SQLException;

	@Override
	public final void abort() {
		JdbcSessions.abort(this.connection);
	}

	/**
	 * The numbers of the seats, or of anything else, in no order.
	 * @param most the highest number
	 * @return the numbers from 1 to that
	 */
	protected static List<Integer> shuffled(int most) {
		List<Integer> numbers = new ArrayList<>();
		for (int number = 1; number <= most; number++) {
			numbers.add(number);
		}
		Collections.shuffle(numbers, ThreadLocalRandom.current());
		return numbers;
	}

	/**
	 * Finds something out over the session.
	 * @param <T> the answer
	 * @param question asks
	 * @return the answer
	 * @throws LedgerException if the session broke
	 */
	protected static <T> T ask(Question<T> question) throws LedgerException {
		try {
			return question.ask();
		}
		catch (SQLException ex) {
			throw JdbcSessions.isForbidden(ex) ? LedgerException.forbidden(String.valueOf(ex.getMessage()), false, ex)
					: new LedgerException("the coordinator session broke: " + ex.getMessage(), false, ex);
		}
	}

	/**
	 * Does something over the session.
	 * @param action does it
	 * @throws LedgerException if the session broke
	 */
	protected static void run(Action action) throws LedgerException {
		ask(() -> {
			action.run();
			return true;
		});
	}

	/**
	 * Whether a slot may be kept, given who else holds something of it.
	 */
	private interface OthersCheck {

		boolean holds(Integer slot, Set<SessionId> others) throws SQLException;

	}

	/**
	 * Something to find out over the session.
	 *
	 * @param <T> the answer
	 */
	@FunctionalInterface
	protected interface Question<T> {

		/**
		 * Asks.
		 * @return the answer
		 * @throws SQLException if the session broke
		 */
		T ask() throws SQLException;

	}

	/**
	 * Something to do over the session.
	 */
	@FunctionalInterface
	protected interface Action {

		/**
		 * Does it.
		 * @throws SQLException if the session broke
		 */
		void run() throws SQLException;

	}

}
