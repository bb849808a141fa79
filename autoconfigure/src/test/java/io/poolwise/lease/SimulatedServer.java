package io.poolwise.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.poolwise.lease.LeaseCommand.TryAcquire;

/**
 * A lock manager that counts what it is asked for, and sees at every step whether the
 * promise holds.
 */
final class SimulatedServer {

	/** One coordinator session's time, and the sessions made in it. */
	static final class Epoch {

		int sessions;

		boolean lost;

	}

	/** One session, until the server drops it. */
	static final class Session {

		final SessionId id;

		final Epoch epoch;

		final int slot;

		final Set<Integer> owns = new LinkedHashSet<>();

		boolean settled;

		/** Given up by its member, and nothing pays for it. */
		boolean unknown;

		boolean unlocked;

		boolean gone;

		int uses;

		int seat;

		Announcement announced;

		Session(SessionId id, Epoch epoch, int slot) {
			this.id = id;
			this.epoch = epoch;
			this.slot = slot;
		}

	}

	final int slots;

	final int seats;

	final Map<SessionId, Session> sessions = new HashMap<>();

	private final Session[] owners;

	private final Session[] users;

	private final Session[] seated;

	private final Map<SessionId, Announcement> members = new HashMap<>();

	long lockOperations;

	long snapshots;

	int settled;

	int unlocked;

	int unknown;

	int lostEpochs;

	int mostSettled;

	int mostAboveBudget;

	private long run = 1;

	private long pids;

	private long version;

	SimulatedServer(int slots, int seats) {
		this.slots = slots;
		this.seats = seats;
		this.owners = new Session[slots + 1];
		this.users = new Session[slots + 1];
		this.seated = new Session[seats + 1];
	}

	Session accept(Epoch epoch, int slot) {
		// numbers come again, as they do on a busy server
		Session session = new Session(new SessionId(this.run, this.pids % 30_000, this.pids++), epoch, slot);
		this.sessions.put(session.id, session);
		if (epoch.sessions++ == 0 && epoch.lost) {
			this.lostEpochs++;
		}
		return session;
	}

	void lose(Epoch epoch) {
		if (!epoch.lost) {
			epoch.lost = true;
			this.lostEpochs += (epoch.sessions > 0) ? 1 : 0;
		}
	}

	/** The member goes on without knowing what came of a session. */
	void leaveBehind(Session session) {
		if (!session.gone && !session.unknown) {
			session.unknown = true;
			this.unknown++;
		}
	}

	void settle(Session session) {
		if (!session.settled && !session.gone) {
			session.settled = true;
			this.mostSettled = Math.max(this.mostSettled, ++this.settled);
		}
	}

	void unlockAll(Session session) {
		if (session.uses != 0 && !session.gone) {
			this.users[session.uses] = null;
			session.uses = 0;
			session.unlocked = true;
			this.unlocked++;
		}
	}

	void drop(Session session) {
		if (session.gone) {
			return;
		}
		session.gone = true;
		this.sessions.remove(session.id);
		this.settled -= session.settled ? 1 : 0;
		this.unlocked -= session.unlocked ? 1 : 0;
		this.unknown -= session.unknown ? 1 : 0;
		session.owns.forEach((slot) -> this.owners[slot] = null);
		session.owns.clear();
		if (session.uses != 0) {
			this.users[session.uses] = null;
		}
		if (session.seat != 0) {
			this.seated[session.seat] = null;
		}
		if (this.members.remove(session.id) != null) {
			this.version++;
		}
		if (--session.epoch.sessions == 0 && session.epoch.lost) {
			this.lostEpochs--;
		}
	}

	void restart() {
		List.copyOf(this.sessions.values()).forEach((session) -> {
			lose(session.epoch);
			drop(session);
		});
		this.run++;
		this.pids = 0;
	}

	int takeSeat(Session session) {
		this.lockOperations += this.seats;
		for (int seat = 1; seat <= this.seats && session.seat == 0; seat++) {
			if (this.seated[seat] == null) {
				this.seated[seat] = session;
				session.seat = seat;
			}
		}
		return session.seat;
	}

	boolean use(Session session, int slot) {
		this.lockOperations++;
		if (this.users[slot] == null) {
			this.users[slot] = session;
			session.uses = slot;
		}
		return session.uses == slot;
	}

	boolean owned(int slot, SessionId by) {
		return this.owners[slot] != null && this.owners[slot].id.equals(by);
	}

	boolean repay(Session session, int slot, int former) {
		this.lockOperations += 2;
		if (this.users[slot] != null) {
			return false;
		}
		this.users[slot] = session;
		session.uses = slot;
		this.users[former] = null;
		return true;
	}

	boolean pay(Session session, int slot) {
		if (!use(session, slot)) {
			return false;
		}
		this.lockOperations++;
		this.seated[session.seat] = null;
		session.seat = 0;
		return true;
	}

	Set<Integer> acquire(Session session, TryAcquire acquire) {
		Set<Integer> acquired = new TreeSet<>();
		int highest = 0;
		for (int seat = 1; seat < this.seated.length; seat++) {
			highest = (this.seated[seat] != null) ? seat : highest;
		}
		for (int slot : acquire.candidates()) {
			if (acquired.size() == acquire.count()) {
				break;
			}
			this.lockOperations++;
			if (this.owners[slot] == null && this.users[slot] == null && slot + highest <= acquire.budget()) {
				own(session, slot);
				acquired.add(slot);
			}
		}
		return acquired;
	}

	Set<Integer> readopt(Session session, Map<Integer, SessionId> wanted) {
		Set<Integer> adopted = new TreeSet<>();
		wanted.forEach((slot, id) -> {
			this.lockOperations++;
			if (this.owners[slot] == null && this.users[slot] != null && this.users[slot].id.equals(id)) {
				own(session, slot);
				adopted.add(slot);
			}
		});
		return adopted;
	}

	void release(Session session, Set<Integer> released) {
		for (int slot : released) {
			this.lockOperations++;
			session.owns.remove(slot);
			this.owners[slot] = null;
		}
	}

	void announce(Session session, Announcement announcement) {
		session.announced = announcement;
		this.members.put(session.id, announcement);
		this.version++;
	}

	Snapshot snapshot(Set<SessionId> watched) {
		this.snapshots++;
		SessionId[] owning = new SessionId[this.slots + 1];
		SessionId[] using = new SessionId[this.slots + 1];
		for (int slot = 1; slot <= this.slots; slot++) {
			owning[slot] = (this.owners[slot] != null) ? this.owners[slot].id : null;
			using[slot] = (this.users[slot] != null) ? this.users[slot].id : null;
		}
		Set<SessionId> seats = new HashSet<>();
		for (Session session : this.seated) {
			if (session != null) {
				seats.add(session.id);
			}
		}
		Set<SessionId> alive = new HashSet<>(watched);
		alive.retainAll(this.sessions.keySet());
		return new Snapshot(owning, using, this.members, seats, alive, this.version);
	}

	long version() {
		return this.version;
	}

	/** What is wrong now, {@code null} if nothing. */
	String wrong(LeaseSettings settings, int liveMembers) {
		int budget = this.slots + this.seats;
		int above = this.sessions.size() - budget;
		this.mostAboveBudget = Math.max(this.mostAboveBudget, above);
		if (this.settled > budget + this.unlocked) {
			return this.settled + " settled sessions, budget " + budget;
		}
		int excess = settings.excess(liveMembers, this.lostEpochs, this.unknown) + this.unlocked;
		if (above > excess) {
			return this.sessions.size() + " sessions, budget " + budget + " and excess " + excess;
		}
		return null;
	}

	private void own(Session session, int slot) {
		this.owners[slot] = session;
		session.owns.add(slot);
	}

}
