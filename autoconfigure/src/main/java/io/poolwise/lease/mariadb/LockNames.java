package io.poolwise.lease.mariadb;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The names of one namespace's locks. MariaDB's user locks are those of the whole server,
 * whatever the database.
 *
 * @param namespace what the fleet calls itself, without quotes and backslashes
 */
record LockNames(String namespace) {

	LockNames {
		if (!namespace.matches("[\\w.:-]{1,64}")) {
			throw new IllegalArgumentException(
					"A namespace has 1 to 64 letters, digits, '_', '-', '.' or ':', not " + namespace);
		}
	}

	/** The quoted start of the names of one sort. */
	private String start(String sort) {
		return "poolwise:" + this.namespace + ":" + sort + ":";
	}

	private String name(String sort, Object number) {
		return "'" + start(sort) + number + "'";
	}

	String own(int slot) {
		return name("own", slot);
	}

	String use(int slot) {
		return name("use", slot);
	}

	String seat(int seat) {
		return name("seat", seat);
	}

	/** The place that a coordinator announces at. */
	String place(int place) {
		return name("at", place);
	}

	/** One bit of what is announced at a place. */
	String bit(int place, int bit) {
		return name("at:" + place, bit);
	}

	/** What each session holds for as long as it lives. */
	String session(long connection) {
		return name("session", connection);
	}

	String trial(int number) {
		return name("trial", number);
	}

	/** SQL for the name of one sort with a number from a column. */
	String expression(String sort, String column) {
		return "CONCAT('" + start(sort) + "', " + column + ")";
	}

	/**
	 * SQL that takes as many of several locks of one sort. The limit has to be that of a
	 * derived table of its own, and an order would take all of them.
	 */
	String takeSome(String sort, Collection<Integer> numbers, int count) {
		return "SELECT k FROM (SELECT k FROM (SELECT " + rows(numbers) + ") c WHERE GET_LOCK(" + expression(sort, "k")
				+ ", 0) = 1 LIMIT " + count + ") t";
	}

	/** SQL for some numbers as rows of a column {@code k}, after a {@code SELECT}. */
	static String rows(Collection<? extends Number> numbers) {
		return numbers.stream()
			.map(String::valueOf)
			.collect(Collectors.joining(" UNION ALL SELECT "))
			.replaceFirst("^(\\d+)", "$1 AS k");
	}

}
