package io.poolwise.lease.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot while its rows come in: first the locks, then the names of the members, then
 * which of the watched sessions are alive.
 */
final class PostgresSnapshot {

	private static final int WATCHED = 2;

	private final LockKeys keys;

	private final Announcements announcements;

	private final SessionId self;

	private final Set<SessionId> watched;

	private final int highest;

	private final Map<Integer, Integer> nonces = new HashMap<>();

	private final Map<Integer, Set<Integer>> ownerPids = new HashMap<>();

	private final Map<Integer, Set<Integer>> userPids = new HashMap<>();

	private final Set<Integer> seated = new HashSet<>();

	private final Map<Integer, String> names = new HashMap<>();

	private final Set<Integer> alive = new HashSet<>();

	private final Set<Integer> elsewhere = new HashSet<>();

	/**
	 * Begins a snapshot.
	 * @param highest the highest slot that a fleet of this server can have: locks with
	 * higher numbers are not ours, and ignored
	 */
	PostgresSnapshot(LockKeys keys, Announcements announcements, SessionId self, Set<SessionId> watched, int highest) {
		this.keys = keys;
		this.announcements = announcements;
		this.self = self;
		this.watched = watched;
		this.highest = highest;
	}

	String lockQuery() {
		return this.keys.held("pid, classid::bigint, objid::bigint, "
				+ "database <> (SELECT oid FROM pg_database WHERE datname = current_database())");
	}

	String query() {
		List<Integer> pids = new ArrayList<>();
		this.watched.forEach((session) -> pids.add((int) session.pid()));
		return lockQuery() + "; " + this.announcements.query()
				+ (pids.isEmpty() ? "" : " OR pid = ANY (" + LockKeys.array(pids) + ")");
	}

	void lock(ResultSet row) throws SQLException {
		int pid = row.getInt(1);
		int key = row.getInt(3);
		if (row.getInt(2) == this.keys.nonces()) {
			this.nonces.put(pid, key);
			if (row.getBoolean(4)) {
				this.elsewhere.add(pid);
			}
			return;
		}
		add(this.ownerPids, this.keys.ownedSlot(key), pid);
		add(this.userPids, this.keys.usedSlot(key), pid);
		if (this.keys.isSeat(key)) {
			this.seated.add(pid);
		}
	}

	private void add(Map<Integer, Set<Integer>> holders, int slot, int pid) {
		if (slot > 0 && slot <= this.highest) {
			holders.computeIfAbsent(slot, (each) -> new LinkedHashSet<>()).add(pid);
		}
	}

	void name(ResultSet row) throws SQLException {
		int pid = row.getInt(1);
		String name = row.getString(2);
		this.alive.add(pid);
		if (this.announcements.isOne(name)) {
			this.names.put(pid, name);
		}
	}

	/**
	 * The marks of the next coordinators after our own, in the order of their process
	 * numbers: each is watched by two, and each watches two.
	 * @return at most two; none if one of the coordinators is in another database, where
	 * its lock can't be tried
	 */
	Set<Integer> neighbours() {
		List<Integer> coordinators = new ArrayList<>(new TreeSet<>(this.names.keySet()));
		Set<Integer> marks = new LinkedHashSet<>();
		if (!this.nonces.keySet().containsAll(coordinators)
				|| coordinators.stream().anyMatch(this.elsewhere::contains)) {
			return marks;
		}
		int own = coordinators.indexOf((int) this.self.pid());
		for (int i = 1; own >= 0 && i <= WATCHED && i < coordinators.size(); i++) {
			marks.add(this.nonces.get(coordinators.get((own + i) % coordinators.size())));
		}
		return marks;
	}

	Map<Integer, Set<SessionId>> owners() {
		return sessions(this.ownerPids);
	}

	Map<Integer, Set<SessionId>> users() {
		return sessions(this.userPids);
	}

	private Map<Integer, Set<SessionId>> sessions(Map<Integer, Set<Integer>> pids) {
		Map<Integer, Set<SessionId>> sessions = new HashMap<>();
		pids.forEach((slot, holders) -> {
			Set<SessionId> each = new LinkedHashSet<>();
			holders.forEach((pid) -> each.add(session(pid)));
			sessions.put(slot, each);
		});
		return sessions;
	}

	private SessionId session(int pid) {
		return new SessionId(this.self.server(), pid, this.nonces.getOrDefault(pid, 0));
	}

	Snapshot build(int slots) {
		int last = slots;
		for (Collection<Integer> held : List.of(this.ownerPids.keySet(), this.userPids.keySet())) {
			for (int slot : held) {
				last = Math.max(last, slot);
			}
		}
		@Nullable SessionId[] owners = new SessionId[last + 1];
		@Nullable SessionId[] users = new SessionId[last + 1];
		owners().forEach((slot, sessions) -> owners[slot] = one(sessions));
		users().forEach((slot, sessions) -> users[slot] = one(sessions));
		Map<SessionId, Announcement> announced = new HashMap<>();
		Set<SessionId> seats = new HashSet<>();
		this.names.forEach((pid, name) -> {
			Integer mark = this.nonces.get(pid);
			if (mark != null) {
				Announcement announcement = this.announcements.read(name);
				announced.put(session(pid),
						(announcement != null) ? announcement : Announcement.unread(mark, held(pid)));
				if (this.seated.contains(pid)) {
					seats.add(session(pid));
				}
			}
		});
		return new Snapshot(owners, users, announced, seats, stillThere(), Announcements.version(this.names));
	}

	private int held(int pid) {
		return (int) this.ownerPids.values().stream().filter((holders) -> holders.contains(pid)).count();
	}

	/**
	 * Of several holders in several databases, all but one are about to give back; what
	 * is ours stays ours.
	 */
	private SessionId one(Set<SessionId> sessions) {
		return sessions.contains(this.self) ? this.self : sessions.iterator().next();
	}

	/**
	 * A session without a mark can be one whose application gave back all locks: it is
	 * there as long as its process is.
	 */
	private Set<SessionId> stillThere() {
		Set<SessionId> there = new HashSet<>();
		for (SessionId session : this.watched) {
			int pid = (int) session.pid();
			Integer mark = this.nonces.get(pid);
			if (session.server() == this.self.server() && this.alive.contains(pid)
					&& (mark == null || mark == session.nonce())) {
				there.add(session);
			}
		}
		return there;
	}

}
