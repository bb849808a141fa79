package io.poolwise.lease.mariadb;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.SessionId;

/**
 * Where coordinators announce themselves: each holds a place, and of the bits there those
 * that make up its announcement.
 */
final class Places {

	private static final int MOST = 512;

	/** Joiners that a look at the versions finds at once; with these it looks further. */
	private static final int AHEAD = 8;

	/**
	 * A member announces at most four times a second, and the others look every second.
	 */
	private static final int VERSION_BITS = 3;

	private final Connection connection;

	private final LockNames names;

	private final int place;

	private final BitSet told = new BitSet(AnnouncementBits.COUNT);

	private int toldVersion;

	private int highest = MOST;

	private Places(Connection connection, LockNames names, int place) {
		this.connection = connection;
		this.names = names;
		this.place = place;
	}

	static Places take(Connection connection, LockNames names) throws SQLException {
		int[] place = new int[1];
		MariaDbSessions.query(connection, "SELECT k FROM (SELECT seq AS k FROM seq_1_to_" + MOST + " WHERE GET_LOCK("
				+ names.expression("at", "seq") + ", 0) = 1 LIMIT 1) t", (row) -> place[0] = row.getInt(1));
		if (place[0] == 0) {
			throw new SQLException("more than " + MOST + " members in the namespace " + names.namespace());
		}
		return new Places(connection, names, place[0]);
	}

	static boolean isAnyTaken(Connection connection, LockNames names) throws SQLException {
		boolean[] taken = new boolean[1];
		MariaDbSessions.query(connection, "SELECT COUNT(*) > 0 FROM seq_1_to_" + MOST + " WHERE IS_USED_LOCK("
				+ names.expression("at", "seq") + ") IS NOT NULL", (row) -> taken[0] = row.getBoolean(1));
		return taken[0];
	}

	void announce(Announcement announcement) throws SQLException {
		BitSet bits = AnnouncementBits.write(announcement);
		BitSet changed = (BitSet) bits.clone();
		changed.xor(this.told);
		if (changed.isEmpty()) {
			return;
		}
		StringBuilder sql = new StringBuilder("SELECT ");
		changed.stream().forEach((bit) -> {
			String name = this.names.bit(this.place, bit);
			sql.append(bits.get(bit) ? "GET_LOCK(" + name + ", 0), " : "RELEASE_LOCK(" + name + "), ");
		});
		changeVersion(sql);
		MariaDbSessions.query(this.connection, sql.append("1").toString(), (row) -> {
		});
		this.told.clear();
		this.told.or(bits);
	}

	/**
	 * Counts up what the others look at: last, so that nobody takes half for the whole.
	 */
	private void changeVersion(StringBuilder sql) {
		int next = (this.toldVersion + 1) % (1 << VERSION_BITS);
		for (int i = 0; i < VERSION_BITS; i++) {
			boolean held = (this.toldVersion >>> i & 1) == 1;
			boolean wanted = (next >>> i & 1) == 1;
			if (held != wanted) {
				String name = this.names.bit(this.place, AnnouncementBits.COUNT + i);
				sql.append(wanted ? "GET_LOCK(" + name + ", 0), " : "RELEASE_LOCK(" + name + "), ");
			}
		}
		this.toldVersion = next;
	}

	/**
	 * A number that changes when somebody comes, goes or announces something else. Places
	 * are taken from the lowest on, so not all are looked at.
	 */
	long version() throws SQLException {
		String at = this.names.expression("at", "p.seq");
		StringBuilder sql = new StringBuilder("SELECT p.seq, IS_USED_LOCK(" + at + ")");
		for (int i = 0; i < VERSION_BITS; i++) {
			sql.append(", IS_USED_LOCK(")
				.append(this.names.expression("at", "p.seq, ':" + (AnnouncementBits.COUNT + i) + "'"))
				.append(") IS NOT NULL");
		}
		sql.append(" FROM seq_1_to_" + Math.min(MOST, this.highest + AHEAD) + " p WHERE IS_USED_LOCK(" + at
				+ ") IS NOT NULL ORDER BY p.seq");
		long[] version = { 1 };
		int[] last = new int[1];
		MariaDbSessions.query(this.connection, sql.toString(), (row) -> {
			last[0] = row.getInt(1);
			version[0] = 31 * version[0] + last[0];
			version[0] = 31 * version[0] + row.getLong(2);
			for (int i = 0; i < VERSION_BITS; i++) {
				version[0] = 31 * version[0] + row.getInt(3 + i);
			}
		});
		this.highest = last[0];
		return version[0];
	}

	/** What is announced, by the number of the session. */
	Map<Long, Announcement> read() throws SQLException {
		Map<Integer, Long> sessions = new HashMap<>();
		Map<Integer, BitSet> bits = new HashMap<>();
		String at = this.names.expression("at", "p.seq");
		String bit = this.names.expression("at", "p.seq, ':', b.seq");
		MariaDbSessions.query(this.connection,
				"SELECT p.seq, p.session, b.seq FROM (SELECT p.seq, IS_USED_LOCK(" + at + ") AS session FROM seq_1_to_"
						+ MOST + " p WHERE IS_USED_LOCK(" + at + ") IS NOT NULL LIMIT " + MOST + ") p JOIN seq_0_to_"
						+ (AnnouncementBits.COUNT - 1) + " b WHERE IS_USED_LOCK(" + bit + ") = p.session",
				(row) -> {
					sessions.put(row.getInt(1), row.getLong(2));
					bits.computeIfAbsent(row.getInt(1), (place) -> new BitSet()).set(row.getInt(3));
				});
		Map<Long, Announcement> announcements = new HashMap<>();
		bits.forEach((place, each) -> {
			Announcement announcement = AnnouncementBits.read(each);
			if (announcement.member() != 0) {
				announcements.put(sessions.getOrDefault(place, 0L), announcement);
			}
		});
		return announcements;
	}

	static Map<SessionId, Announcement> bySession(Map<Long, Announcement> announcements, long server) {
		Map<SessionId, Announcement> members = new HashMap<>();
		announcements.forEach((session, announcement) -> members.put(new SessionId(server, session, 0), announcement));
		return members;
	}

}
