package io.poolwise.lease.postgres;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.poolwise.lease.Announcement;
import io.poolwise.lease.Demand;
import org.jspecify.annotations.Nullable;

/**
 * Announcements as the names of sessions: the one thing that a session can tell all
 * others. 63 bytes at most, of which this version needs 57.
 * <p>
 * The digit in the first word is the version. Later ones may add words at the end, which
 * earlier ones ignore; a member whose words are not understood counts with what it holds.
 */
final class Announcements {

	// only that it changes matters, and a name is short
	private static final int CALLS = 1_000;

	private static final int MOST = 99_999;

	private static final String VERSION = "1";

	private final String namespace;

	private final Pattern one;

	private final Pattern pattern;

	Announcements(LockKeys keys) {
		this.namespace = " " + Integer.toHexString(keys.slots()) + " ";
		String start = "poolwise[1-9]" + this.namespace;
		this.one = Pattern.compile(start + ".*");
		this.pattern = Pattern
			.compile(start + "([0-9a-f]{1,16}) (\\d{1,5}) (\\d{1,5}) (\\d{1,5}) (\\d{1,5}) (\\d{1,3})(?: .*)?");
	}

	String write(Announcement announcement) {
		Demand demand = announcement.demand();
		return "poolwise" + VERSION + this.namespace + Long.toHexString(announcement.member())
				+ number(announcement.slots()) + number(demand.slots()) + number(demand.used())
				+ number(announcement.minimumSize()) + " " + Math.floorMod(announcement.calls(), CALLS);
	}

	private static String number(int value) {
		return " " + Math.min(MOST, value);
	}

	/**
	 * Reads a name.
	 * @return what it announces, {@code null} if that is not understood
	 */
	@Nullable Announcement read(String name) {
		Matcher matcher = this.pattern.matcher(name);
		long member = matcher.matches() ? Long.parseUnsignedLong(matcher.group(1), 16) : 0;
		return (member == 0) ? null
				: new Announcement(member, Integer.parseInt(matcher.group(2)),
						Demand.read(Integer.parseInt(matcher.group(3)), Integer.parseInt(matcher.group(4))),
						Integer.parseInt(matcher.group(5)), Integer.parseInt(matcher.group(6)));
	}

	/** SQL that reads number and name of all sessions that announced something. */
	String query() {
		return "SELECT pid, application_name FROM pg_stat_activity WHERE application_name LIKE 'poolwise_"
				+ this.namespace + "%'";
	}

	/** Whether a session announced something by this name, in whatever version. */
	boolean isOne(@Nullable String name) {
		return name != null && this.one.matcher(name).matches();
	}

	/** A number that changes when one comes, goes or announces something else. */
	static long version(Map<Integer, String> names) {
		long version = 1;
		for (Map.Entry<Integer, String> entry : new TreeMap<>(names).entrySet()) {
			version = 31 * version + entry.getKey();
			version = 31 * version + entry.getValue().hashCode();
		}
		return version;
	}

}
