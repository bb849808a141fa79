package io.poolwise.lease;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that a member wants done. Commands of one step are carried out in their
 * order; those with an epoch go to the coordinator session of that epoch, one after the
 * other, and each is answered by one event, by {@link LeaseEvent.CoordinatorLost} if it
 * failed.
 */
public sealed interface LeaseCommand {

	/**
	 * Open a coordinator session and take a free seat if there is one. Another seat than
	 * the first is kept only if, looked at after it was taken, nobody holds {@code own}
	 * or {@code use} of a slot above {@code budget - seat}: members with fewer seats use
	 * such slots.
	 *
	 * @param epoch the epoch that begins with it
	 * @param budget slots and seats in the eyes of this member
	 */
	record OpenCoordinator(int epoch, int budget) implements LeaseCommand {
	}

	/**
	 * Close the coordinator session, with every lock that it holds, and tell the others;
	 * answer {@link LeaseEvent.CoordinatorGone} once the server is seen to have dropped
	 * it.
	 *
	 * @param epoch its epoch
	 */
	record CloseCoordinator(int epoch) implements LeaseCommand {
	}

	/**
	 * Tell the others who we are and what we want.
	 *
	 * @param epoch the epoch of the coordinator
	 * @param announcement what to tell
	 */
	record Announce(int epoch, Announcement announcement) implements LeaseCommand {
	}

	/**
	 * Read everything, in a query that begins after this command.
	 *
	 * @param epoch the epoch of the coordinator
	 * @param slots read at least the slots 1 to this
	 * @param watched sessions that may be gone; say which of them are still there
	 */
	record ReadSnapshot(int epoch, int slots, Set<SessionId> watched) implements LeaseCommand {

		/** Copies the sessions. */
		public ReadSnapshot {
			watched = Set.copyOf(watched);
		}

	}

	/**
	 * For one candidate after the other until enough are taken: take {@code own}, then
	 * check that nobody holds {@code use}, or a seat above {@code budget - slot}, else
	 * give {@code own} back.
	 *
	 * @param epoch the epoch of the coordinator
	 * @param candidates slots that looked free, shuffled; none is held by the coordinator
	 * @param count how many to take, at least 1
	 * @param budget slots and seats in the eyes of this member
	 */
	record TryAcquire(int epoch, List<Integer> candidates, int count, int budget) implements LeaseCommand {

		/** Copies the candidates. */
		public TryAcquire {
			candidates = List.copyOf(candidates);
		}

	}

	/**
	 * For each slot: take {@code own}, then check that exactly the given session holds
	 * {@code use}, else give {@code own} back.
	 *
	 * @param epoch the epoch of the coordinator
	 * @param sessions our sessions of earlier epochs, by slot
	 */
	record Readopt(int epoch, Map<Integer, SessionId> sessions) implements LeaseCommand {

		/** Copies the sessions. */
		public Readopt {
			sessions = Map.copyOf(sessions);
		}

	}

	/**
	 * Take {@code use} of an owned slot for the coordinator itself; if that works, give
	 * up the seat, or {@code use} of the slot that paid before.
	 *
	 * @param epoch the epoch of the coordinator
	 * @param slot the slot that will pay
	 * @param seat the seat that it sits on, 0 if it has paid
	 * @param former the slot that paid before, 0 if it sits on a seat
	 */
	record Pay(int epoch, int slot, int seat, int former) implements LeaseCommand {

		Pay(int epoch, int slot, int seat) {
			this(epoch, slot, seat, 0);
		}

	}

	/**
	 * Give back {@code own} of some slots and tell the others.
	 *
	 * @param epoch the epoch of the coordinator
	 * @param slots slots that it owns
	 */
	record Release(int epoch, Set<Integer> slots) implements LeaseCommand {

		/** Copies the slots. */
		public Release {
			slots = Set.copyOf(slots);
		}

	}

	/**
	 * See that the session lives, and whether the fleet looks as it did.
	 *
	 * @param epoch the epoch of the coordinator
	 */
	record Poll(int epoch) implements LeaseCommand {
	}

	/**
	 * Make one connection: connect, take {@code use}, then as a second statement read who
	 * holds {@code own}.
	 *
	 * @param grant the slot and the coordinator to fence with
	 */
	record GrantConnect(Grant grant) implements LeaseCommand {
	}

	/**
	 * No connection may be made now.
	 *
	 * @param refusal why
	 */
	record RefuseConnect(Refusal refusal) implements LeaseCommand {
	}

	/**
	 * The connection passed its fence: give it to the pool.
	 *
	 * @param slot the slot that pays for it
	 * @param session its identity
	 */
	record HandOut(int slot, SessionId session) implements LeaseCommand {
	}

	/**
	 * Close a session at once: one that did not pass its fence and was never handed out,
	 * or one that the server is proven to have dropped, so that its client would wait for
	 * ever.
	 *
	 * @param session its identity
	 */
	record Close(SessionId session) implements LeaseCommand {
	}

	/**
	 * Close a handed-out session as soon as it is idle; running work goes on.
	 *
	 * @param session its identity
	 */
	record Retire(SessionId session) implements LeaseCommand {
	}

	/**
	 * The sessions that the pools may have in total. When it is lowered they close idle
	 * ones at once and busy ones at their return; when it is raised they may ask for
	 * connects.
	 *
	 * @param sessions sessions, at least 0
	 * @param reason why, for people
	 */
	record Resize(int sessions, String reason) implements LeaseCommand {
	}

	/** Connections may be asked for from now on. */
	record OpenGate() implements LeaseCommand {
	}

	/** No connection may be asked for until the gate opens; running work goes on. */
	record CloseGate() implements LeaseCommand {
	}

	/**
	 * Another member has announced another number of slots for itself: what made it do so
	 * may be so here, too. Count the sessions without a slot again, and look whether the
	 * limits have changed.
	 */
	record Recount() implements LeaseCommand {
	}

	/**
	 * The fleet as the last snapshot showed it, for people.
	 *
	 * @param fleet what was seen
	 */
	record Report(FleetView fleet) implements LeaseCommand {
	}

	/** Why a connect was refused. */
	enum Refusal {

		/** The coordinator is not paid, or the member is leaving. */
		GATE_CLOSED,
		/** As many connects are outstanding as may be. */
		CONNECTS_OUTSTANDING,
		/** The pools have as many sessions as they may have. */
		AT_TARGET,
		/** Every slot is in use or not proven free yet. */
		NO_FREE_SLOT

	}

}
