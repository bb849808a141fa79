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

	/** Members of a fleet that read all sessions at each poll. */
	private static final int READERS = 8;

	private final LockKeys keys;

	private final Announcements announcements;

	private boolean listens;

	/** The server grants no more sessions. */
	private final int highest;

	/** What the last snapshot said. */
	private long version;

	/** What the others were told to look at. */
	private long told;

	private Set<Integer> neighbours = Set.of();

	private int pollsAReading = 1;

	private int polls = ThreadLocalRandom.current().nextInt(Short.MAX_VALUE);

	private PostgresCoordinator(Connection connection, LockKeys keys, SessionId id, int seat, boolean listens,
			int highest) {
		super(connection, id, seat);
		this.highest = highest;
		this.keys = keys;
		this.announcements = new Announcements(keys);
		this.listens = listens;
	}

	static PostgresCoordinator begin(Connection connection, LockKeys keys, int seats) throws SQLException {
		PostgresSlotLedger.prepareCoordinator(connection);
		int nonce = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
		List<Integer> seatKeys = shuffled(seats).stream().map(keys::seat).toList();
		long[] numbers = new long[3];
		boolean[] standby = new boolean[1];
		Set<Integer> taken = new HashSet<>();
		Set<Integer> elsewhere = new HashSet<>();
		Script.run(connection,
				"SELECT pg_backend_pid(), " + PostgresSlotLedger.SERVER + ", pg_is_in_recovery(), "
						+ "pg_try_advisory_lock_shared(" + keys.nonces() + ", " + nonce
						+ "), current_setting('max_connections')::int; " + keys.takeSome(seatKeys, 1) + "; "
						+ keys.held("classid::bigint, objid::bigint") + " AND pid <> pg_backend_pid()",
				(row) -> {
					numbers[0] = row.getLong(1);
					numbers[1] = row.getLong(2);
					standby[0] = row.getBoolean(3);
					numbers[2] = row.getLong(5);
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
				!standby[0], (int) numbers[2]);
	}

	@Override
	public long server() throws LedgerException {
		long[] server = new long[1];
		run("SELECT " + PostgresSlotLedger.SERVER, (row) -> server[0] = row.getLong(1));
		return server[0];
	}

	@Override
	public void announce(Announcement announcement) throws LedgerException {
		run("SELECT set_config('application_name', '" + this.announcements.write(announcement) + "', false)"
				+ tellOthers());
	}

	@Override
	public Snapshot snapshot(int slots, Set<SessionId> watched) throws LedgerException {
		PostgresSnapshot snapshot = new PostgresSnapshot(this.keys, this.announcements, id(), watched,
				Math.max(slots, this.highest));
		run(snapshot.query(), snapshot::lock, snapshot::name);
		Snapshot seen = snapshot.build(slots);
		this.version = seen.version();
		this.neighbours = snapshot.neighbours();
		this.pollsAReading = Math.max(1, seen.members().size() / READERS);
		return seen;
	}

	/**
	 * Looks in the same round trip who else holds {@code own} in another database, and
	 * who holds {@code use}. A slot whose {@code own} does not show as ours is not.
	 */
	@Override
	protected Map<Integer, Set<SessionId>> takeOwn(Collection<Integer> candidates, int count) throws SQLException {
		Set<Integer> taken = new LinkedHashSet<>();
		PostgresSnapshot seen = new PostgresSnapshot(this.keys, this.announcements, id(), Set.of(), Integer.MAX_VALUE);
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
		return pay(slot, this.keys.giveBack(this.keys.seat(seat)));
	}

	@Override
	public boolean repay(int slot, int former) throws LedgerException {
		return pay(slot, this.keys.giveBack(this.keys.use(former)));
	}

	private boolean pay(int slot, String instead) throws LedgerException {
		int use = this.keys.use(slot);
		boolean[] facts = new boolean[2];
		run("SELECT " + this.keys.take(use) + "; " + isHeldByOthers(use), (row) -> facts[0] = row.getBoolean(1),
				(row) -> facts[1] = row.getBoolean(1));
		boolean paid = facts[0] && !facts[1];
		if (paid) {
			run("SELECT " + instead + tellOthers());
		}
		else if (facts[0]) {
			run("SELECT " + this.keys.giveBack(use));
		}
		return paid;
	}

	@Override
	protected int highestSeat() throws SQLException {
		int[] highest = new int[1];
		Script.run(connection(),
				this.keys.held("coalesce(max(objid::bigint), " + this.keys.seat(0) + ")") + " AND classid = "
						+ this.keys.slots() + " AND objid > " + this.keys.seat(0) + " AND objid <= "
						+ this.keys.seat(MOST_SEATS),
				(row) -> highest[0] = row.getInt(1) - this.keys.seat(0));
		return highest[0];
	}

	@Override
	protected boolean isAnySlotTaken(int above) throws SQLException {
		boolean[] taken = new boolean[1];
		Script.run(connection(),
				this.keys.held("count(*) > 0") + " AND classid = " + this.keys.slots() + " AND (objid > " + above
						+ " AND objid <= " + this.keys.use(0) + " OR objid > " + this.keys.use(above) + " AND objid < "
						+ this.keys.seat(0) + ")",
				(row) -> taken[0] = row.getBoolean(1));
		return taken[0];
	}

	@Override
	protected boolean takeSeat(int seat) throws SQLException {
		boolean[] facts = new boolean[2];
		int key = this.keys.seat(seat);
		Script.run(connection(), "SELECT " + this.keys.take(key) + "; " + isHeldByOthers(key),
				(row) -> facts[0] = row.getBoolean(1), (row) -> facts[1] = row.getBoolean(1));
		if (facts[0] && facts[1]) {
			giveSeatBack(seat);
		}
		return facts[0] && !facts[1];
	}

	@Override
	protected void giveSeatBack(int seat) throws SQLException {
		Script.run(connection(), "SELECT " + this.keys.giveBack(this.keys.seat(seat)));
	}

	private String isHeldByOthers(int key) {
		return this.keys.held("coalesce(bool_or(pid <> pg_backend_pid() AND classid = " + this.keys.slots()
				+ " AND objid = " + key + "), false)");
	}

	@Override
	public void release(Set<Integer> slots) throws LedgerException {
		run(this.keys.giveBack(slots) + tellOthers());
	}

	/**
	 * Members that come, leave or announce something tell the others of their database.
	 * One that dies can't: that is for its neighbours to find out, each of which tries
	 * the locks of two, since to read all sessions costs the server milliseconds. All are
	 * read by some members at each time, for those of other databases, and by everyone in
	 * a small fleet.
	 */
	@Override
	public long poll() throws LedgerException {
		Set<Integer> watched = this.neighbours;
		if (this.listens && !watched.isEmpty()) {
			boolean gone = isAnyGone(watched);
			if (!gone && ++this.polls % this.pollsAReading != 0) {
				return this.version;
			}
			if (gone) {
				this.neighbours = Set.of();
				run("NOTIFY " + this.keys.channel());
			}
		}
		Map<Integer, String> names = new HashMap<>();
		boolean[] promoted = new boolean[1];
		run(this.announcements.query() + "; SELECT NOT pg_is_in_recovery()",
				(row) -> names.put(row.getInt(1), row.getString(2)), (row) -> promoted[0] = row.getBoolean(1));
		if (promoted[0] && !this.listens) {
			run("LISTEN " + this.keys.channel());
			this.listens = true;
		}
		long found = Announcements.version(names);
		if (this.listens && found != this.version && found != this.told) {
			this.told = found;
			run("NOTIFY " + this.keys.channel());
		}
		return found;
	}

	private boolean isAnyGone(Set<Integer> marks) throws LedgerException {
		boolean[] gone = new boolean[1];
		run(marks.stream().map(this.keys::isGone).collect(Collectors.joining(" OR ", "SELECT ", "")),
				(row) -> gone[0] = row.getBoolean(1));
		return gone[0];
	}

	@Override
	public Strangers strangers(boolean narrow) throws LedgerException {
		Strangers[] strangers = { Strangers.NONE };
		run(() -> Script.run(connection(),
				StrangerQuery.of(this.keys, connection().getMetaData().getDatabaseMajorVersion()),
				(row) -> strangers[0] = new Strangers(row.getInt(1), narrow ? row.getInt(2) : 0,
						narrow ? row.getInt(3) : 0)));
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
