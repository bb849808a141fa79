package io.poolwise.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import io.poolwise.lease.SlotLedger.Fenced;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What every ledger has to do, against a real server.
 */
public abstract class AbstractSlotLedgerTests {

	private static final Announcement ANNOUNCEMENT = new Announcement(0x8765_4321_0fed_cba9L, 85, new Demand(12, 10), 4,
			7);

	private final List<AutoCloseable> opened = new ArrayList<>();

	private String namespace;

	private SlotLedger<Connection> ledger;

	/**
	 * A ledger on the server.
	 */
	protected abstract SlotLedger<Connection> ledger(String namespace);

	/**
	 * A connection as a pool makes it.
	 */
	protected abstract Connection connect() throws SQLException;

	/**
	 * Has the server end a session, as an operator would.
	 */
	protected abstract void kill(SessionId session) throws SQLException;

	/**
	 * A statement by which an application gives back all locks of its session.
	 */
	protected abstract String giveBackAll();

	/**
	 * Opens a connection of another login to another database.
	 */
	protected abstract Connection connectElsewhere() throws SQLException;

	/**
	 * Whether a database can have a limit of its own.
	 */
	protected abstract boolean countsDatabases();

	/**
	 * A statement by which any program takes {@code own} or {@code use} of a slot.
	 */
	protected abstract String take(String namespace, boolean own, int slot);

	/**
	 * Announces something from a session that is no coordinator.
	 */
	protected abstract void announce(Connection session, String namespace, Announcement announcement)
			throws SQLException;

	@BeforeEach
	void createLedger() {
		this.namespace = UUID.randomUUID().toString();
		this.ledger = ledger(this.namespace);
	}

	@AfterEach
	void closeAll() throws Exception {
		for (AutoCloseable each : this.opened) {
			each.close();
		}
	}

	@Test
	void seatsAreTakenOnceEach() throws Exception {
		List<CoordinatorSession> sessions = List.of(open(), open(), open());
		assertThat(sessions).extracting(CoordinatorSession::seat).containsExactlyInAnyOrder(0, 1, 2);
		assertThat(sessions).extracting(CoordinatorSession::id).doesNotHaveDuplicates();
		assertThat(sessions).extracting((session) -> session.id().server()).containsOnly(sessions.get(0).id().server());
	}

	@Test
	void seatIsFreeAsSoonAsItsSessionHasEnded() throws Exception {
		for (int i = 0; i < 20; i++) {
			CoordinatorSession session = this.ledger.open(1, 100);
			assertThat(session.seat()).isEqualTo(1);
			assertThat(session.end()).isTrue();
		}
	}

	@Test
	void slotsAreTakenByOneEachAndNoMoreThanAskedFor() throws Exception {
		CoordinatorSession one = open();
		CoordinatorSession other = open();
		Set<Integer> first = one.acquire(numbers(1, 50), 20, 100);
		Set<Integer> second = other.acquire(numbers(1, 50), 40, 100);
		assertThat(first).hasSize(20);
		assertThat(second).hasSize(30).doesNotContainAnyElementsOf(first);
		Snapshot snapshot = one.snapshot(50, Set.of());
		assertThat(snapshot.size()).isGreaterThanOrEqualTo(50);
		for (int slot = 1; slot <= 50; slot++) {
			assertThat(snapshot.owner(slot)).isEqualTo(first.contains(slot) ? one.id() : other.id());
			assertThat(snapshot.user(slot)).isNull();
		}
		assertThat(snapshot.held(one.id())).isEqualTo(20);
	}

	@Test
	void releasedSlotsAreFree() throws Exception {
		CoordinatorSession one = open();
		CoordinatorSession other = open();
		one.acquire(numbers(1, 9), 9, 100);
		one.release(Set.of(3, 4, 5));
		assertThat(other.acquire(numbers(1, 9), 9, 100)).containsExactlyInAnyOrder(3, 4, 5);
	}

	@Test
	void payingTakesUseAndFreesTheSeat() throws Exception {
		CoordinatorSession one = this.ledger.open(1, 100);
		this.opened.add(one::end);
		one.acquire(List.of(7), 1, 100);
		assertThat(one.pay(7, one.seat())).isTrue();
		CoordinatorSession other = this.ledger.open(1, 100);
		this.opened.add(other::end);
		assertThat(other.seat()).isEqualTo(1);
		Snapshot snapshot = other.snapshot(9, Set.of());
		assertThat(snapshot.paid(one.id())).isTrue();
		assertThat(snapshot.paid(other.id())).isFalse();
		assertThat(snapshot.user(7)).isEqualTo(one.id());
	}

	@Test
	void otherSlotPaysInsteadOfTheFormer() throws Exception {
		CoordinatorSession one = open();
		one.acquire(List.of(2, 7), 2, 100);
		assertThat(one.pay(2, one.seat())).isTrue();
		assertThat(one.repay(7, 2)).isTrue();
		Snapshot snapshot = one.snapshot(9, Set.of());
		assertThat(snapshot.user(7)).isEqualTo(one.id());
		assertThat(snapshot.user(2)).isNull();
		Connection connection = connection();
		this.ledger.fence(connection, new Grant(2, 1, one.id()));
		assertThat(one.repay(2, 7)).isFalse();
		assertThat(one.snapshot(9, Set.of()).user(7)).isEqualTo(one.id());
	}

	@Test
	void payingFailsWhereUseIsHeldAndKeepsTheSeat() throws Exception {
		CoordinatorSession owner = open();
		owner.acquire(List.of(7), 1, 100);
		Fenced fenced = this.ledger.fence(connection(), new Grant(7, 1, owner.id()));
		assertThat(fenced.useTaken()).isTrue();
		assertThat(owner.pay(7, owner.seat())).isFalse();
		assertThat(owner.snapshot(9, Set.of()).user(7)).isEqualTo(fenced.session());
		CoordinatorSession other = open();
		assertThat(other.seat()).isNotZero().isNotEqualTo(owner.seat());
		assertThat(open().seat()).isZero();
	}

	@Test
	void fenceTellsWhoHoldsTheSlot() throws Exception {
		CoordinatorSession owner = open();
		CoordinatorSession other = open();
		owner.acquire(List.of(5), 1, 100);
		other.acquire(List.of(6), 1, 100);
		assertThat(this.ledger.fence(connection(), new Grant(5, 1, owner.id()))).matches(Fenced::useTaken)
			.matches(Fenced::ownHeld);
		assertThat(this.ledger.fence(connection(), new Grant(5, 1, owner.id()))).matches((it) -> !it.useTaken())
			.matches(Fenced::ownHeld);
		assertThat(this.ledger.fence(connection(), new Grant(6, 1, owner.id()))).matches(Fenced::useTaken)
			.matches((it) -> !it.ownHeld());
		assertThat(this.ledger.fence(connection(), new Grant(8, 1, owner.id()))).matches(Fenced::useTaken)
			.matches((it) -> !it.ownHeld());
	}

	/**
	 * A timeout that is left there ends every longer statement of the application.
	 */
	@Test
	void fenceLeavesTheNetworkTimeoutAsItWas() throws Exception {
		CoordinatorSession owner = open();
		owner.acquire(List.of(5, 6), 2, 100);
		Connection connection = connection();
		int usual = connection.getNetworkTimeout();
		this.ledger.fence(connection, new Grant(5, 1, owner.id()));
		assertThat(connection.getNetworkTimeout()).isEqualTo(usual);
		connection.setNetworkTimeout(Runnable::run, 70_000);
		this.ledger.fence(connection, new Grant(6, 1, owner.id()));
		assertThat(connection.getNetworkTimeout()).isEqualTo(70_000);
	}

	@Test
	void fenceKnowsACoordinatorThatIsNoMore() throws Exception {
		CoordinatorSession owner = this.ledger.open(2, 100);
		owner.acquire(List.of(5), 1, 100);
		assertThat(owner.end()).isTrue();
		assertThat(this.ledger.fence(connection(), new Grant(5, 1, owner.id())).ownHeld()).isFalse();
		CoordinatorSession successor = open();
		successor.acquire(List.of(5), 1, 100);
		SessionId old = new SessionId(owner.id().server() - 1, successor.id().pid(), successor.id().nonce());
		assertThat(this.ledger.fence(connection(), new Grant(5, 1, old)).ownHeld()).isFalse();
	}

	@Test
	void slotInUseIsNotAcquired() throws Exception {
		CoordinatorSession owner = open();
		owner.acquire(List.of(5), 1, 100);
		Connection connection = connection();
		this.ledger.fence(connection, new Grant(5, 1, owner.id()));
		kill(owner.id());
		CoordinatorSession other = open();
		await().until(() -> other.snapshot(9, Set.of()).owner(5) == null);
		assertThat(other.acquire(numbers(1, 9), 9, 100)).hasSize(8).doesNotContain(5);
		assertThat(other.snapshot(9, Set.of()).owner(5)).isNull();
		assertThat(this.ledger.end(connection)).isTrue();
		assertThat(other.acquire(List.of(5), 1, 100)).containsExactly(5);
	}

	@Test
	void lostSlotIsAdoptedOnlyWhereOurSessionHoldsUse() throws Exception {
		CoordinatorSession owner = open();
		owner.acquire(numbers(1, 4), 4, 100);
		SessionId first = this.ledger.fence(connection(), new Grant(1, 1, owner.id())).session();
		SessionId second = this.ledger.fence(connection(), new Grant(2, 1, owner.id())).session();
		kill(owner.id());
		CoordinatorSession successor = open();
		await().until(() -> successor.snapshot(9, Set.of()).owner(1) == null);
		assertThat(successor.readopt(Map.of(1, first, 2, first, 3, second))).containsExactly(1);
		Snapshot snapshot = successor.snapshot(9, Set.of());
		assertThat(snapshot.owner(1)).isEqualTo(successor.id());
		assertThat(snapshot.owner(2)).isNull();
		assertThat(snapshot.user(2)).isEqualTo(second);
	}

	@Test
	void snapshotTellsWhichWatchedSessionsAreThere() throws Exception {
		CoordinatorSession owner = open();
		owner.acquire(numbers(1, 2), 2, 100);
		Connection kept = connection();
		Connection closed = connection();
		SessionId there = this.ledger.fence(kept, new Grant(1, 1, owner.id())).session();
		SessionId gone = this.ledger.fence(closed, new Grant(2, 1, owner.id())).session();
		closed.close();
		await().until(() -> owner.snapshot(9, Set.of(there, gone)).user(2) == null);
		await().untilAsserted(() -> assertThat(owner.snapshot(9, Set.of(there, gone)).alive()).containsExactly(there));
		try (Statement statement = kept.createStatement()) {
			statement.execute(giveBackAll());
		}
		Snapshot snapshot = owner.snapshot(9, Set.of(there));
		assertThat(snapshot.user(1)).isNull();
		assertThat(snapshot.alive()).containsExactly(there);
	}

	@Test
	void strangersAreThoseWithoutSlotAndSeat() throws Exception {
		CoordinatorSession one = open();
		int before = one.strangers(false).server();
		one.acquire(numbers(1, 2), 2, 100);
		this.ledger.fence(connection(), new Grant(1, 1, one.id()));
		connection();
		connection();
		await().untilAsserted(() -> assertThat(one.strangers(false)).isEqualTo(new Strangers(before + 2, 0, 0)));
	}

	/**
	 * A limit of the login or of the database is met by those only who count against it.
	 */
	@Test
	void strangersOfOtherLoginsAndDatabasesAreToldApart() throws Exception {
		CoordinatorSession one = open();
		Strangers before = one.strangers(true);
		one.acquire(numbers(1, 2), 2, 100);
		this.ledger.fence(connection(), new Grant(1, 1, one.id()));
		connection();
		this.opened.add(connectElsewhere());
		await().untilAsserted(() -> assertThat(one.strangers(true)).isEqualTo(new Strangers(before.server() + 2,
				before.database() + (countsDatabases() ? 1 : 0), before.login() + 1)));
	}

	/**
	 * Otherwise the connect would count as outstanding for the authentication timeout,
	 * and keep the others of its instance waiting.
	 */
	@Test
	void sessionThatTheServerEndedBeforeItsFenceIsKnownToBeGone() throws Exception {
		CoordinatorSession one = open();
		one.acquire(numbers(1, 3), 3, 100);
		Connection ended = connection();
		SessionId session = this.ledger.fence(ended, new Grant(1, 1, one.id())).session();
		kill(session);
		await().until(() -> one.snapshot(9, Set.of(session)).alive().isEmpty());
		assertThatThrownBy(() -> this.ledger.fence(ended, new Grant(2, 1, one.id()))).satisfies((failure) -> {
			boolean known = failure instanceof LedgerException ledger && ledger.sessionGone();
			assertThat(known || this.ledger.end(ended)).as("known to be gone").isTrue();
		});
	}

	@Test
	void announcementIsHeardAndChangesTheVersion() throws Exception {
		CoordinatorSession one = open();
		CoordinatorSession other = open();
		long before = one.poll();
		other.announce(ANNOUNCEMENT);
		assertThat(one.poll()).isNotEqualTo(before);
		Snapshot snapshot = one.snapshot(9, Set.of());
		assertThat(snapshot.members()).isEqualTo(Map.of(other.id(), ANNOUNCEMENT));
		assertThat(one.poll()).isEqualTo(snapshot.version()).isNotEqualTo(before);
		Announcement changed = new Announcement(ANNOUNCEMENT.member(), 84, new Demand(3, 2), 4, 8);
		other.announce(changed);
		assertThat(one.poll()).isNotEqualTo(snapshot.version());
		assertThat(one.snapshot(9, Set.of()).members()).isEqualTo(Map.of(other.id(), changed));
	}

	@Test
	void locksOfSlotsThatTheServerCannotHaveAreIgnored() throws Exception {
		CoordinatorSession one = open();
		Connection stranger = connection();
		for (int slot : new int[] { 100_000, 200_000_000 }) {
			execute(stranger, take(this.namespace, true, slot));
			execute(stranger, take(this.namespace, false, slot));
		}
		Snapshot snapshot = one.snapshot(9, Set.of());
		assertThat(snapshot.size()).isLessThan(5_000);
		assertThat(one.acquire(numbers(1, 9), 9, 100)).hasSize(9);
		assertThat(one.pay(1, one.seat())).isTrue();
	}

	@Test
	void announcementCountsOnlyWhileItsSessionIsSeatedOrPays() throws Exception {
		CoordinatorSession one = open();
		Connection stranger = connection();
		announce(stranger, this.namespace, ANNOUNCEMENT);
		assertThat(one.snapshot(9, Set.of()).members()).isEmpty();
		execute(stranger, take(this.namespace, true, 3));
		assertThat(one.snapshot(9, Set.of()).members()).isEmpty();
		execute(stranger, take(this.namespace, false, 4));
		assertThat(one.snapshot(9, Set.of()).members()).isEmpty();
		execute(stranger, take(this.namespace, false, 3));
		assertThat(one.snapshot(9, Set.of()).members()).containsValue(ANNOUNCEMENT);
	}

	@Test
	void slotsOfAWiderMemberAreRead() throws Exception {
		CoordinatorSession narrow = open();
		CoordinatorSession wide = open();
		wide.announce(new Announcement(7, 60, Demand.of(20), 0, 0));
		wide.acquire(numbers(41, 60), 20, 100);
		assertThat(narrow.snapshot(6, Set.of()).held(wide.id())).isEqualTo(20);
	}

	@Test
	void longestAnnouncementIsHeard() throws Exception {
		CoordinatorSession one = open();
		Announcement longest = new Announcement(-1, 65_535, Demand.of(65_535), 65_535, 999);
		one.announce(longest);
		assertThat(one.snapshot(9, Set.of()).members()).isEqualTo(Map.of(one.id(), longest));
	}

	@Test
	void deathThatNobodyTellsIsFound() throws Exception {
		List<CoordinatorSession> fleet = List.of(open(), open());
		for (int i = 0; i < fleet.size(); i++) {
			fleet.get(i)
				.announce(new Announcement(i + 1, ANNOUNCEMENT.slots(), ANNOUNCEMENT.demand(),
						ANNOUNCEMENT.minimumSize(), 0));
		}
		CoordinatorSession one = fleet.get(0);
		long version = one.snapshot(9, Set.of()).version();
		assertThat(one.poll()).isEqualTo(version);
		kill(fleet.get(1).id());
		await().untilAsserted(() -> assertThat(one.poll()).isNotEqualTo(version));
		assertThat(one.snapshot(9, Set.of()).members()).containsOnlyKeys(one.id());
		long after = one.snapshot(9, Set.of()).version();
		assertThat(one.poll()).isEqualTo(after);
	}

	@Test
	void hintReachesTheOthersAndNotOneself() throws Exception {
		CoordinatorSession one = open();
		CoordinatorSession other = open();
		one.announce(ANNOUNCEMENT);
		assertThat(other.hears(Duration.ofSeconds(5))).isEqualTo(other.listens());
		assertThat(one.hears(Duration.ofMillis(20))).isFalse();
		one.acquire(List.of(1), 1, 100);
		one.release(Set.of(1));
		assertThat(other.hears(Duration.ofSeconds(5))).isEqualTo(other.listens());
	}

	@Test
	void namespacesDoNotSeeEachOther() throws Exception {
		CoordinatorSession one = open();
		CoordinatorSession stranger = ledger(UUID.randomUUID().toString()).open(2, 100);
		this.opened.add(stranger::end);
		one.announce(ANNOUNCEMENT);
		one.acquire(List.of(1), 1, 100);
		assertThat(stranger.acquire(List.of(1), 1, 100)).containsExactly(1);
		assertThat(stranger.snapshot(9, Set.of()).members()).isEmpty();
		assertThat(one.snapshot(9, Set.of()).owner(1)).isEqualTo(one.id());
	}

	@Test
	void endOfASessionThatWasKilledIsAFailure() throws Exception {
		CoordinatorSession session = open();
		kill(session.id());
		await().untilAsserted(() -> assertThatThrownBy(session::poll).isInstanceOf(LedgerException.class));
	}

	private CoordinatorSession open() throws LedgerException {
		CoordinatorSession session = this.ledger.open(2, 100);
		this.opened.add(session::end);
		return session;
	}

	private Connection connection() throws SQLException {
		Connection connection = connect();
		this.opened.add(connection);
		return connection;
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static List<Integer> numbers(int first, int last) {
		return IntStream.rangeClosed(first, last).boxed().toList();
	}

}
