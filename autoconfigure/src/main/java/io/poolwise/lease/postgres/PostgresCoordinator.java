package io.poolwise.lease.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.JdbcCoordinator;
import io.poolwise.lease.JdbcSessions;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.Snapshot;
import io.poolwise.lease.Strangers;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A coordinator session on PostgreSQL.
 */
final class PostgresCoordinator extends JdbcCoordinator {

	private final LockKeys keys;

	private final Announcements announcements;

	private final boolean listens;

	/** What the last snapshot said. */
	private long version;

	private Set<Integer> neighbours = Set.of();

	private PostgresCoordinator(Connection connection, LockKeys keys, SessionId id, int seat, boolean listens) {
		super(connection, id, seat);
		this.keys = keys;
		this.announcements = new Announcements(keys);
		this.listens = listens;
	}

	static PostgresCoordinator begin(Connection connection, LockKeys keys, int seats) throws SQLException {
		PostgresSlotLedger.noticeDeadCoordinators(connection);
		int nonce = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
		List<Integer> seatKeys = shuffled(seats).stream().map(keys::seat).toList();
		long[] numbers = new long[2];
		boolean[] standby = new boolean[1];
		Set<Integer> taken = new HashSet<>();
		Set<Integer> elsewhere = new HashSet<>();
		Script.run(connection, "SELECT pg_backend_pid(), " + PostgresSlotLedger.SERVER + ", pg_is_in_recovery(), "
				+ "pg_try_advisory_lock_shared(" + keys.nonces() + ", " + nonce + "); " + keys.takeSome(seatKeys, 1)
				+ "; " + keys.held("classid::bigint, objid::bigint") + " AND pid <> pg_backend_pid()", (row) -> {
					numbers[0] = row.getLong(1);
					numbers[1] = row.getLong(2);
					standby[0] = row.getBoolean(3);
				}, (row) -> taken.add(row.getInt(1)), (row) -> {
					if (row.getInt(1) == keys.slots()) {
						elsewhere.add(row.getInt(2));
					}
				});
		int seat = 0;
		for (int key : taken) {
			if (elsewhere.contains(key)) {
				Script.run(connection, "SELECT " + keys.giveBack(key));
			}
			else {
				seat = key - keys.seat(0);
			}
		}
		if (!standby[0]) {
			Script.run(connection, "LISTEN " + keys.channel());
		}
		return new PostgresCoordinator(connection, keys, new SessionId(numbers[1], numbers[0], nonce), seat,
				!standby[0]);
	}

	@Override
	public void announce(Announcement announcement) throws LedgerException {
		run("SELECT set_config('application_name', '" + this.announcements.write(announcement) + "', false)"
				+ tellOthers());
	}

	@Override
	public Snapshot snapshot(int slots, Set<SessionId> watched) throws LedgerException {
		PostgresSnapshot snapshot = new PostgresSnapshot(this.keys, this.announcements, id(), watched);
		run(snapshot.query(), snapshot::lock, snapshot::name);
		Snapshot seen = snapshot.build(slots);
		this.version = seen.version();
		this.neighbours = snapshot.neighbours();
		return seen;
	}

	/**
	 * Looks in the same round trip who else holds {@code own} in another database, and
	 * who holds {@code use}. A slot whose {@code own} does not show as ours is not.
	 */
	@Override
	protected Map<Integer, Set<SessionId>> takeOwn(Collection<Integer> candidates, int count) throws SQLException {
		Set<Integer> taken = new LinkedHashSet<>();
		PostgresSnapshot seen = new PostgresSnapshot(this.keys, this.announcements, id(), Set.of());
		Script.run(connection(), this.keys.takeSome(candidates, count) + "; " + seen.lockQuery(),
				(row) -> taken.add(row.getInt(1)), seen::lock);
		Map<Integer, Set<SessionId>> owners = seen.owners();
		Map<Integer, Set<SessionId>> users = seen.users();
		Map<Integer, Set<SessionId>> others = new LinkedHashMap<>();
		for (Integer slot : taken) {
			Set<SessionId> each = new HashSet<>(owners.getOrDefault(slot, Set.of()));
			if (!each.remove(id())) {
				each.add(id());
			}
			each.addAll(users.getOrDefault(slot, Set.of()));
			others.put(slot, each);
		}
		return others;
	}

	@Override
	protected void giveBackOwn(Set<Integer> slots) throws SQLException {
		Script.run(connection(), this.keys.giveBack(slots));
	}

	@Override
	public boolean pay(int slot, int seat) throws LedgerException {
		int use = this.keys.use(slot);
		boolean[] facts = new boolean[2];
		run("SELECT " + this.keys.take(use) + "; "
				+ this.keys.held("coalesce(bool_or(pid <> pg_backend_pid() AND classid = " + this.keys.slots()
						+ " AND objid = " + use + "), false)"),
				(row) -> facts[0] = row.getBoolean(1), (row) -> facts[1] = row.getBoolean(1));
		boolean paid = facts[0] && !facts[1];
		if (paid) {
			run("SELECT " + this.keys.giveBack(this.keys.seat(seat)) + tellOthers());
		}
		else if (facts[0]) {
			run("SELECT " + this.keys.giveBack(use));
		}
		return paid;
	}

	@Override
	public void release(Set<Integer> slots) throws LedgerException {
		run(this.keys.giveBack(slots) + tellOthers());
	}

	/**
	 * Who comes, leaves or announces something tells the others. Who dies can't: that is
	 * for its neighbours to find out, each of which tries the locks of two, since to read
	 * all sessions costs the server milliseconds.
	 */
	@Override
	public long poll() throws LedgerException {
		Set<Integer> watched = this.neighbours;
		if (this.listens && !watched.isEmpty()) {
			if (!isAnyGone(watched)) {
				return this.version;
			}
			this.neighbours = Set.of();
			run("NOTIFY " + this.keys.channel());
		}
		Map<Integer, String> names = new HashMap<>();
		run(this.announcements.query(), (row) -> names.put(row.getInt(1), row.getString(2)));
		return Announcements.version(names);
	}

	private boolean isAnyGone(Set<Integer> marks) throws LedgerException {
		boolean[] gone = new boolean[1];
		run(marks.stream().map(this.keys::isGone).collect(Collectors.joining(" OR ", "SELECT ", "")),
				(row) -> gone[0] = row.getBoolean(1));
		return gone[0];
	}

	@Override
	public Strangers strangers(boolean narrow) throws LedgerException {
		String paying = this.keys.held("DISTINCT pid") + " AND classid = " + this.keys.slots() + " AND objid > "
				+ this.keys.use(0);
		String server = "(SELECT sum(numbackends) FROM pg_stat_database) - (SELECT count(*) FROM paying)";
		// parallel workers are no connections; an ordinary role sees which of its own
		// sessions are some, and takes those of others for connections
		String clients = "(SELECT count(*) FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend')"
				+ " = 'client backend' AND pid NOT IN (SELECT pid FROM paying) AND ";
		String database = clients + "datname = current_database())";
		String login = clients + "usename = session_user)";
		Strangers[] strangers = { Strangers.NONE };
		run("WITH paying AS (" + paying + ") SELECT " + server + ", " + (narrow ? database + ", " + login : "0, 0"),
				(row) -> strangers[0] = new Strangers(Math.max(0, row.getInt(1)), row.getInt(2), row.getInt(3)));
		return strangers[0];
	}

	@Override
	public boolean listens() {
		return this.listens;
	}

	@Override
	public boolean hears(Duration time) throws LedgerException {
		if (!this.listens) {
			return false;
		}
		return ask(() -> {
			PGNotification[] heard = connection().unwrap(PGConnection.class)
				.getNotifications((int) Math.max(1, time.toMillis()));
			boolean others = false;
			for (PGNotification notification : (heard != null) ? heard : new PGNotification[0]) {
				others |= notification.getPID() != id().pid();
			}
			return others;
		});
	}

	@Override
	public boolean end() {
		try {
			if (this.listens) {
				Script.run(connection(), "NOTIFY " + this.keys.channel());
			}
		}
		catch (SQLException ex) {
			abort();
			return false;
		}
		return PostgresSessions.end(connection());
	}

	private String tellOthers() {
		return this.listens ? "; NOTIFY " + this.keys.channel() : "";
	}

	private void run(String sql, JdbcSessions.RowReader... readers) throws LedgerException {
		run(() -> Script.run(connection(), sql, readers));
	}

}
