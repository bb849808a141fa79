package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.JdbcCoordinator;
import io.poolwise.lease.JdbcSessions;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.Snapshot;
import io.poolwise.lease.Strangers;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator session on MariaDB. Nobody can be woken there, so the others find out by
 * looking.
 */
final class MariaDbCoordinator extends JdbcCoordinator {

	private static final int MOST_SLOTS = 5_000;

	private static final int UNKNOWN_THREAD = 1094;

	private static final int ACCESS_DENIED = 1227;

	private static final int NOTHING_TO_EXPLAIN = 1933;

	private final LockNames names;

	private final Places places;

	/** The server granted no more sessions when this one began. */
	private final int highest;

	private MariaDbCoordinator(Connection connection, LockNames names, SessionId id, int seat, Places places,
			int highest) {
		super(connection, id, seat);
		this.highest = highest;
		this.names = names;
		this.places = places;
	}

	static MariaDbCoordinator begin(Connection connection, LockNames names, int seats) throws SQLException {
		long[] facts = new long[3];
		int[] seat = new int[1];
		// a coordinator polls every second: one that was cut off is dropped soon
		MariaDbSessions.query(connection,
				"SET STATEMENT max_statement_time = 0 FOR SELECT CONNECTION_ID(), " + MariaDbSessions.SERVER
						+ ", GET_LOCK(" + names.expression("session", "CONNECTION_ID()")
						+ ", 0), @@global.max_connections",
				(row) -> {
					facts[0] = row.getLong(1);
					facts[1] = row.getLong(2);
					facts[2] = row.getLong(4);
				});
		execute(connection, "SET SESSION wait_timeout = 30");
		MariaDbSessions.query(connection, names.takeSome("seat", shuffled(seats), 1), (row) -> seat[0] = row.getInt(1));
		return new MariaDbCoordinator(connection, names, new SessionId(facts[1], facts[0], 0), seat[0],
				Places.take(connection, names), (int) facts[2]);
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public long server() throws LedgerException {
		long[] server = new long[1];
		return ask(() -> {
			query("SELECT " + MariaDbSessions.SERVER, (row) -> server[0] = row.getLong(1));
			return server[0];
		});
	}

	@Override
	public void announce(Announcement announcement) throws LedgerException {
		run(() -> this.places.announce(announcement));
	}

	/**
	 * Reads the seats before the slots: who pays takes {@code use} before it gives up its
	 * seat, so it shows with one of them.
	 */
	@Override
	public Snapshot snapshot(int slots, Set<SessionId> watched) throws LedgerException {
		return ask(() -> {
			Places.Read read = this.places.read();
			Set<SessionId> seated = seated();
			int last = slots;
			for (Announcement announcement : read.bySession().values()) {
				last = (announcement != null) ? Math.max(last, Math.min(announcement.slots(), this.highest)) : last;
			}
			@Nullable SessionId[] owners = new SessionId[last + 1];
			@Nullable SessionId[] users = new SessionId[last + 1];
			if (last > 0) {
				query("SELECT seq, IS_USED_LOCK(" + this.names.expression("own", "seq") + "), IS_USED_LOCK("
						+ this.names.expression("use", "seq") + ") FROM seq_1_to_" + last, (row) -> {
							owners[row.getInt(1)] = session(row, 2);
							users[row.getInt(1)] = session(row, 3);
						});
			}
			return new Snapshot(owners, users, announced(read, owners), seated, alive(watched), read.version());
		});
	}

	private Set<SessionId> seated() throws SQLException {
		Set<SessionId> seated = new HashSet<>();
		query("SELECT " + user("seat") + " FROM seq_1_to_" + MOST_SEATS + " WHERE " + user("seat") + " IS NOT NULL",
				(row) -> {
					SessionId session = session(row, 1);
					if (session != null) {
						seated.add(session);
					}
				});
		return seated;
	}

	private Map<SessionId, Announcement> announced(Places.Read read, @Nullable SessionId[] owners) {
		Map<SessionId, Announcement> announced = new HashMap<>();
		read.bySession().forEach((number, announcement) -> {
			SessionId session = new SessionId(id().server(), number, 0);
			int held = (int) Arrays.stream(owners).filter(session::equals).count();
			announced.put(session, (announcement != null) ? announcement : Announcement.unread(number, held));
		});
		return announced;
	}

	/**
	 * A session is there as long as its mark is, or the list of sessions has it: an
	 * application can give back the mark, and an ordinary user sees only its own in the
	 * list.
	 */
	private Set<SessionId> alive(Set<SessionId> watched) throws SQLException {
		Set<SessionId> alive = new HashSet<>();
		List<SessionId> ours = watched.stream().filter((session) -> session.server() == id().server()).toList();
		if (!ours.isEmpty()) {
			List<Long> ids = ours.stream().map(SessionId::pid).toList();
			query("SELECT k FROM (SELECT " + LockNames.rows(ids) + ") c WHERE IS_USED_LOCK("
					+ this.names.expression("session", "k")
					+ ") = k OR EXISTS (SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = k)",
					(row) -> alive.add(new SessionId(id().server(), row.getLong(1), 0)));
			for (SessionId session : ours) {
				if (!alive.contains(session) && isHidden(session)) {
					alive.add(session);
				}
			}
		}
		return alive;
	}

	/**
	 * Whether the server has a session of another user, which the list doesn't show: it
	 * refuses to explain what one does that it has, and doesn't know one that it hasn't.
	 */
	private boolean isHidden(SessionId session) throws SQLException {
		try {
			query("SHOW EXPLAIN FOR " + session.pid(), JdbcSessions.RowReader.NONE);
			return true;
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == UNKNOWN_THREAD) {
				return false;
			}
			if (ex.getErrorCode() == ACCESS_DENIED || ex.getErrorCode() == NOTHING_TO_EXPLAIN) {
				return true;
			}
			throw ex;
		}
	}

	@Override
	protected Map<Integer, Set<SessionId>> takeOwn(Collection<Integer> candidates, int count) throws SQLException {
		Map<Integer, Set<SessionId>> taken = new LinkedHashMap<>();
		query(this.names.takeSome("own", candidates, count), (row) -> taken.put(row.getInt(1), Set.of()));
		if (!taken.isEmpty()) {
			query("SELECT k, IS_USED_LOCK(" + this.names.expression("use", "k") + ") FROM (SELECT "
					+ LockNames.rows(taken.keySet()) + ") c", (row) -> {
						SessionId user = session(row, 2);
						taken.put(row.getInt(1), (user != null) ? Set.of(user) : Set.of());
					});
		}
		return taken;
	}

	@Override
	protected void giveBackOwn(Set<Integer> slots) throws SQLException {
		query(slots.stream()
			.map((slot) -> "RELEASE_LOCK(" + this.names.own(slot) + ")")
			.collect(Collectors.joining(", ", "SELECT ", "")), (row) -> {
			});
	}

	@Override
	public boolean pay(int slot, int seat) throws LedgerException {
		return pay(slot, this.names.seat(seat));
	}

	@Override
	public boolean repay(int slot, int former) throws LedgerException {
		return pay(slot, this.names.use(former));
	}

	private boolean pay(int slot, String instead) throws LedgerException {
		boolean[] paid = new boolean[1];
		return ask(() -> {
			query("SELECT GET_LOCK(" + this.names.use(slot) + ", 0)", (row) -> paid[0] = row.getInt(1) == 1);
			if (paid[0]) {
				query("SELECT RELEASE_LOCK(" + instead + ")", (row) -> {
				});
			}
			return paid[0];
		});
	}

	@Override
	protected int highestSeat() throws SQLException {
		int[] highest = new int[1];
		query("SELECT MAX(seq) FROM seq_1_to_" + MOST_SEATS + " WHERE " + user("seat") + " IS NOT NULL",
				(row) -> highest[0] = row.getInt(1));
		return highest[0];
	}

	@Override
	protected boolean isAnySlotTaken(int above) throws SQLException {
		boolean[] taken = new boolean[1];
		query("SELECT COUNT(*) > 0 FROM seq_" + (above + 1) + "_to_" + Math.max(MOST_SLOTS, above + 1) + " WHERE "
				+ user("own") + " IS NOT NULL OR " + user("use") + " IS NOT NULL",
				(row) -> taken[0] = row.getBoolean(1));
		return taken[0];
	}

	@Override
	protected boolean takeSeat(int seat) throws SQLException {
		boolean[] taken = new boolean[1];
		query("SELECT GET_LOCK(" + this.names.seat(seat) + ", 0)", (row) -> taken[0] = row.getInt(1) == 1);
		return taken[0];
	}

	@Override
	protected void giveSeatBack(int seat) throws SQLException {
		query("SELECT RELEASE_LOCK(" + this.names.seat(seat) + ")", JdbcSessions.RowReader.NONE);
	}

	@Override
	public void release(Set<Integer> slots) throws LedgerException {
		run(() -> giveBackOwn(slots));
	}

	@Override
	public long poll() throws LedgerException {
		return ask(this.places::version);
	}

	/**
	 * Whoever holds a mark is one of ours. Marks can't be listed, so what is counted is
	 * all sessions less the slots and seats in use.
	 */
	@Override
	public Strangers strangers(boolean narrow) throws LedgerException {
		String slots = "seq_1_to_" + MOST_SLOTS + " WHERE " + user("use") + " IS NOT NULL";
		String seats = "seq_1_to_" + MOST_SEATS + " WHERE " + user("seat") + " IS NOT NULL";
		String server = "(SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.GLOBAL_STATUS"
				+ " WHERE VARIABLE_NAME = 'THREADS_CONNECTED') - (SELECT COUNT(*) FROM " + slots
				+ ") - (SELECT COUNT(*) FROM " + seats + ")";
		// joined, so that the marks are looked at once, and not for each session
		String login = "(SELECT COUNT(*) FROM information_schema.PROCESSLIST p LEFT JOIN (SELECT " + user("use")
				+ " AS id FROM " + slots + " UNION ALL SELECT " + user("seat") + " FROM " + seats
				+ ") ours ON ours.id = p.ID WHERE p.USER = SUBSTRING_INDEX(USER(), '@', 1) AND ours.id IS NULL)";
		Strangers[] strangers = { Strangers.NONE };
		return ask(() -> {
			query("SELECT " + server + ", " + (narrow ? login : "0"),
					(row) -> strangers[0] = new Strangers(Math.max(0, row.getInt(1)), 0, row.getInt(2)));
			return strangers[0];
		});
	}

	/** Who holds a mark of the number in the sequence. */
	private String user(String mark) {
		return "IS_USED_LOCK(" + this.names.expression(mark, "seq") + ")";
	}

	@Override
	public boolean listens() {
		return false;
	}

	@Override
	public boolean hears(Duration time) {
		return false;
	}

	@Override
	public boolean end() {
		return MariaDbSessions.end(connection());
	}

	private @Nullable SessionId session(ResultSet row, int column) throws SQLException {
		long number = row.getLong(column);
		return row.wasNull() ? null : new SessionId(id().server(), number, 0);
	}

	private void query(String sql, JdbcSessions.RowReader reader) throws SQLException {
		MariaDbSessions.query(connection(), sql, reader);
	}

}
