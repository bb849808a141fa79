package io.poolwise.lease.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The two-part keys of one namespace's advisory locks: the first part stands for the
 * namespace, the second for what is locked.
 *
 * @param slots the first part of slots and seats
 * @param nonces the first part of the marks that tell sessions apart
 */
record LockKeys(int slots, int nonces) {

	private static final int USE = 1 << 28;

	private static final int SEAT = 1 << 29;

	private static final int TRIAL = 3 << 28;

	private static final int MOST = USE - 1;

	private static final int MOST_SEATS = 100;

	static LockKeys of(String namespace) {
		try {
			ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
				.digest(("poolwise:" + namespace).getBytes(StandardCharsets.UTF_8)));
			return new LockKeys(hash.getInt() & Integer.MAX_VALUE, hash.getInt() & Integer.MAX_VALUE);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java has SHA-256", ex);
		}
	}

	String channel() {
		return "poolwise_" + Integer.toHexString(this.slots);
	}

	int use(int slot) {
		return slot | USE;
	}

	int seat(int seat) {
		return seat | SEAT;
	}

	int trial(int number) {
		return (number & MOST) | TRIAL;
	}

	/** The slot whose {@code own} this is, 0 if it is none. */
	int ownedSlot(int key) {
		return (key <= MOST) ? key : 0;
	}

	/** The slot whose {@code use} this is, 0 if it is none. */
	int usedSlot(int key) {
		return (key > USE && key < SEAT) ? key - USE : 0;
	}

	/** Whether this is a seat that a fleet can have. */
	boolean isSeat(int key) {
		return key > SEAT && key <= SEAT + MOST_SEATS;
	}

	/** SQL that takes a lock of a slot or a seat; its value says whether it was free. */
	String take(int key) {
		return "pg_try_advisory_lock(" + this.slots + ", " + key + ")";
	}

	String giveBack(int key) {
		return "pg_advisory_unlock(" + this.slots + ", " + key + ")";
	}

	/**
	 * SQL that says whether nobody has a session's mark; needs no table to be planned.
	 */
	String isGone(int nonce) {
		String mark = "(" + this.nonces + ", " + nonce + ")";
		return "CASE WHEN pg_try_advisory_lock" + mark + " THEN pg_advisory_unlock" + mark + " ELSE false END";
	}

	/** SQL that gives several locks back. */
	String giveBack(Collection<Integer> keys) {
		return "SELECT pg_advisory_unlock(" + this.slots + ", k) FROM unnest(" + array(keys) + ") AS k";
	}

	/**
	 * SQL that takes as many of several locks. An {@code ORDER BY}, or a sample, would
	 * take all of them.
	 */
	String takeSome(Collection<Integer> keys, int count) {
		return "SELECT k FROM unnest(" + array(keys) + ") AS k WHERE pg_try_advisory_lock(" + this.slots + ", k) LIMIT "
				+ count;
	}

	/**
	 * SQL that shows who holds something of the namespace, in every database. Other
	 * programs may hold negative numbers, which show as those beyond the integers.
	 */
	String held(String columns) {
		return "SELECT " + columns
				+ " FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid IN ("
				+ this.slots + ", " + this.nonces + ") AND objid::bigint <= " + Integer.MAX_VALUE;
	}

	static String array(Collection<Integer> keys) {
		return keys.stream().map(String::valueOf).collect(Collectors.joining(",", "'{", "}'::int[]"));
	}

}
