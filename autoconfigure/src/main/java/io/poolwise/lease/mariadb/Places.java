package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.poolwise.lease.Announcement;
import org.jspecify.annotations.Nullable;

/**
 * Where coordinators announce themselves: each holds a place, and of the bits there those
 * that make up its announcement.
 */
final class Places {

	private static final int MOST = 512;

	/** Joiners that a look at the versions finds at once; with these it looks further. */
	private static final int AHEAD = 8;

	/** Places that an announcement is tried at, while others hold locks of its bits. */
	private static final int ATTEMPTS = 3;

	private final Connection connection;

	private final LockNames names;

	private int place;

	private final BitSet told = new BitSet(AnnouncementBits.COUNT);

	private int toldCounter;

	private int highest = MOST;

	/** What was read of each session when it was last read in full. */
	private Map<Long, Announcement> known = Map.of();

	private Places(Connection connection, LockNames names, int place) {
		this.connection = connection;
		this.names = names;
		this.place = place;
	}

	static Places take(Connection connection, LockNames names) throws SQLException {
		int place = takeOne(connection, names, 0);
		if (place == 0) {
			throw new SQLException("more than " + MOST + " members in the namespace " + names.namespace());
		}
		return new Places(connection, names, place);
	}

	/** Takes the lowest free place above one: a session can take its own again. */
	private static int takeOne(Connection connection, LockNames names, int above) throws SQLException {
		int[] place = new int[1];
		MariaDbSessions.query(
				connection, "SELECT k FROM (SELECT seq AS k FROM seq_1_to_" + MOST + " WHERE seq > " + above
						+ " AND GET_LOCK(" + names.expression("at", "seq") + ", 0) = 1 LIMIT 1) t",
				(row) -> place[0] = row.getInt(1));
		return place[0];
	}

	static boolean isAnyTaken(Connection connection, LockNames names) throws SQLException {
		boolean[] taken = new boolean[1];
		MariaDbSessions.query(connection, "SELECT COUNT(*) > 0 FROM seq_1_to_" + MOST + " WHERE IS_USED_LOCK("
				+ names.expression("at", "seq") + ") IS NOT NULL", (row) -> taken[0] = row.getBoolean(1));
		return taken[0];
	}

	/**
	 * Announces at this place, or at another one if somebody else holds one of its bits.
	 */
	void announce(Announcement announcement) throws SQLException {
		BitSet bits = AnnouncementBits.write(announcement);
		for (int attempt = 1; !write(bits) && attempt < ATTEMPTS; attempt++) {
			int next = takeOne(this.connection, this.names, this.place);
			if (next == 0) {
				return;
			}
			leave();
			this.place = next;
		}
	}

	/** Keeps the place itself, so that nobody takes it again. */
	private void leave() throws SQLException {
		StringBuilder sql = new StringBuilder("SELECT ");
		this.told.set(AnnouncementBits.COUNT, AnnouncementBits.CHANGING);
		this.told.stream().forEach((bit) -> sql.append(release(bit)));
		MariaDbSessions.query(this.connection, sql.append("1").toString(), (row) -> {
		});
		this.told.clear();
		this.toldCounter = 0;
	}

	/**
	 * Changes the bits, marked as half-written meanwhile, and counts up at the end.
	 * @return whether each bit is as it should be
	 */
	private boolean write(BitSet bits) throws SQLException {
		BitSet changed = (BitSet) bits.clone();
		changed.xor(this.told);
		if (changed.isEmpty()) {
			return true;
		}
		StringBuilder sql = new StringBuilder("SELECT ").append(take(AnnouncementBits.CHANGING));
		changed.stream().forEach((bit) -> sql.append(bits.get(bit) ? take(bit) : release(bit)));
		int counter = (this.toldCounter + 1) % (1 << AnnouncementBits.COUNTER);
		for (int i = 0; i < AnnouncementBits.COUNTER; i++) {
			boolean wanted = (counter >>> i & 1) == 1;
			if (wanted != ((this.toldCounter >>> i & 1) == 1)) {
				int bit = AnnouncementBits.COUNT + i;
				sql.append(wanted ? take(bit) : release(bit));
			}
		}
		sql.append(release(AnnouncementBits.CHANGING)).append("1");
		boolean[] whole = { true };
		MariaDbSessions.query(this.connection, sql.toString(), (row) -> {
			int columns = row.getMetaData().getColumnCount();
			for (int i = 1; i <= columns; i++) {
				whole[0] &= row.getInt(i) == 1;
			}
		});
		this.toldCounter = counter;
		this.told.clear();
		this.told.or(bits);
		return whole[0];
	}

	private String take(int bit) {
		return "GET_LOCK(" + this.names.bit(this.place, bit) + ", 0), ";
	}

	private String release(int bit) {
		return "RELEASE_LOCK(" + this.names.bit(this.place, bit) + "), ";
	}

	/**
	 * A number that changes when somebody comes, goes or announces something else.
	 */
	long version() throws SQLException {
		return version(counters());
	}

	private static long version(Map<Integer, List<Long>> counters) {
		long version = 1;
		for (Map.Entry<Integer, List<Long>> counter : counters.entrySet()) {
			version = 31 * version + counter.getKey();
			version = 31 * version + counter.getValue().hashCode();
		}
		return version;
	}

	/**
	 * Session, counter and whether it is being changed, by place. Places are taken from
	 * the lowest on, so not all are looked at.
	 */
	private Map<Integer, List<Long>> counters() throws SQLException {
		String at = this.names.expression("at", "p.seq");
		StringBuilder sql = new StringBuilder("SELECT p.seq, IS_USED_LOCK(" + at + ")");
		for (int i = AnnouncementBits.COUNT; i <= AnnouncementBits.CHANGING; i++) {
			sql.append(", IS_USED_LOCK(")
				.append(this.names.expression("at", "p.seq, ':" + i + "'"))
				.append(") IS NOT NULL");
		}
		sql.append(" FROM seq_1_to_" + Math.min(MOST, this.highest + AHEAD) + " p WHERE IS_USED_LOCK(" + at
				+ ") IS NOT NULL ORDER BY p.seq");
		Map<Integer, List<Long>> counters = new TreeMap<>();
		this.highest = 0;
		MariaDbSessions.query(this.connection, sql.toString(), (row) -> {
			List<Long> counter = new ArrayList<>();
			for (int i = 0; i <= AnnouncementBits.COUNTER + 1; i++) {
				counter.add(row.getLong(2 + i));
			}
			counters.put(row.getInt(1), counter);
			this.highest = row.getInt(1);
		});
		return counters;
	}

	/**
	 * What was announced.
	 *
	 * @param bySession the announcements by the number of the session; that of a session
	 * which has none that can be read is {@code null}
	 * @param version the {@linkplain #version() version} before that was read
	 */
	record Read(Map<Long, @Nullable Announcement> bySession, long version) {
	}

	/**
	 * Reads what is announced, bits of the sessions that hold the places only. An
	 * announcement that is being changed meanwhile is as it was read before.
	 */
	Read read() throws SQLException {
		Map<Integer, List<Long>> before = counters();
		Map<Long, BitSet> bits = bits();
		Map<Long, @Nullable Announcement> read = new HashMap<>();
		Map<Long, Announcement> whole = new HashMap<>();
		counters().forEach((place, counter) -> {
			long session = counter.get(0);
			BitSet each = bits.getOrDefault(session, new BitSet());
			Announcement announcement = counter.equals(before.get(place)) ? AnnouncementBits.read(each) : null;
			announcement = (announcement != null) ? announcement : this.known.get(session);
			if (announcement != null) {
				whole.put(session, announcement);
			}
			if (announcement != null || !each.isEmpty()) {
				read.put(session, announcement);
			}
		});
		this.known = whole;
		return new Read(read, version(before));
	}

	private Map<Long, BitSet> bits() throws SQLException {
		Map<Long, BitSet> bits = new HashMap<>();
		String at = this.names.expression("at", "p.seq");
		String bit = this.names.expression("at", "p.seq, ':', b.seq");
		String mark = this.names.expression("session", "p.session");
		MariaDbSessions.query(this.connection,
				"SELECT p.session, b.seq FROM (SELECT p.seq, IS_USED_LOCK(" + at + ") AS session FROM seq_1_to_"
						+ Math.min(MOST, this.highest + AHEAD) + " p WHERE IS_USED_LOCK(" + at + ") IS NOT NULL LIMIT "
						+ MOST + ") p JOIN seq_0_to_" + AnnouncementBits.CHANGING + " b WHERE IS_USED_LOCK(" + bit
						+ ") = p.session AND IS_USED_LOCK(" + mark + ") = p.session",
				(row) -> bits.computeIfAbsent(row.getLong(1), (session) -> new BitSet()).set(row.getInt(2)));
		return bits;
	}

}
