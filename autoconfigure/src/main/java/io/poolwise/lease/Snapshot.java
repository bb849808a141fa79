package io.poolwise.lease;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Who held what at one moment, as one query saw it. Immutable and thread-safe.
 */
public final class Snapshot {

	private final @Nullable SessionId[] owners;

	private final @Nullable SessionId[] users;

	private final Map<SessionId, Announcement> members;

	private final Set<SessionId> alive;

	private final long version;

	private final Map<SessionId, Integer> held = new HashMap<>();

	private final Set<SessionId> paid = new HashSet<>();

	/**
	 * Takes what a query saw.
	 * @param owners the holder of {@code own} by slot; index 0 is not used, free slots
	 * are {@code null}
	 * @param users the holder of {@code use} by slot, of the same length
	 * @param announcements the announcements by coordinator session; sessions that
	 * announced nothing yet are left out
	 * @param seated sessions that hold a seat
	 * @param alive those of the watched sessions that the server still has
	 * @param version a number that changes, most probably, when a member comes, goes or
	 * announces something else
	 * @throws IllegalArgumentException if the arrays differ in length
	 */
	public Snapshot(@Nullable SessionId[] owners, @Nullable SessionId[] users,
			Map<SessionId, Announcement> announcements, Set<SessionId> seated, Set<SessionId> alive, long version) {
		if (owners.length != users.length) {
			throw new IllegalArgumentException("owners " + owners.length + ", users " + users.length);
		}
		this.owners = owners.clone();
		this.users = users.clone();
		this.alive = Set.copyOf(alive);
		this.version = version;
		for (int slot = 1; slot < owners.length; slot++) {
			SessionId owner = owners[slot];
			if (owner != null) {
				this.held.merge(owner, 1, Integer::sum);
				if (owner.equals(users[slot])) {
					this.paid.add(owner);
				}
			}
		}
		Map<SessionId, Announcement> trusted = new HashMap<>(announcements);
		trusted.keySet().removeIf((session) -> !seated.contains(session) && !this.paid.contains(session));
		this.members = Collections.unmodifiableMap(trusted);
	}

	/**
	 * The highest slot that was read.
	 * @return slots, at least 0
	 */
	public int size() {
		return this.owners.length - 1;
	}

	/**
	 * The holder of {@code own}.
	 * @param slot the slot, from 1
	 * @return the session, or {@code null} if it is free or was not read
	 */
	public @Nullable SessionId owner(int slot) {
		return (slot < this.owners.length) ? this.owners[slot] : null;
	}

	/**
	 * The holder of {@code use}.
	 * @param slot the slot, from 1
	 * @return the session, or {@code null} if it is free or was not read
	 */
	public @Nullable SessionId user(int slot) {
		return (slot < this.users.length) ? this.users[slot] : null;
	}

	/**
	 * The members that announced themselves, by coordinator session. Anybody can write an
	 * announcement, so one counts only while its session is seated or has paid.
	 * @return the announcements
	 */
	public Map<SessionId, Announcement> members() {
		return this.members;
	}

	/**
	 * The slots that a coordinator owned.
	 * @param coordinator its session
	 * @return slots, at least 0
	 */
	public int held(SessionId coordinator) {
		return this.held.getOrDefault(coordinator, 0);
	}

	/**
	 * Whether a coordinator paid: it held {@code use} of a slot that it owned.
	 * @param coordinator its session
	 * @return whether it paid
	 */
	public boolean paid(SessionId coordinator) {
		return this.paid.contains(coordinator);
	}

	/**
	 * The watched sessions that the server still had.
	 * @return sessions
	 */
	public Set<SessionId> alive() {
		return Collections.unmodifiableSet(this.alive);
	}

	/**
	 * A number that changes when a member comes, goes or announces something else.
	 * @return any number
	 */
	public long version() {
		return this.version;
	}

	boolean free(int slot) {
		return owner(slot) == null && user(slot) == null;
	}

}
