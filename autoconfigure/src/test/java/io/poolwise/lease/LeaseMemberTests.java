package io.poolwise.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.poolwise.lease.LeaseCommand.Announce;
import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.CloseCoordinator;
import io.poolwise.lease.LeaseCommand.GrantConnect;
import io.poolwise.lease.LeaseCommand.HandOut;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseCommand.OpenGate;
import io.poolwise.lease.LeaseCommand.Pay;
import io.poolwise.lease.LeaseCommand.ReadSnapshot;
import io.poolwise.lease.LeaseCommand.Readopt;
import io.poolwise.lease.LeaseCommand.Recount;
import io.poolwise.lease.LeaseCommand.Refusal;
import io.poolwise.lease.LeaseCommand.RefuseConnect;
import io.poolwise.lease.LeaseCommand.Release;
import io.poolwise.lease.LeaseCommand.Resize;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseCommand.TryAcquire;
import io.poolwise.lease.LeaseEvent.Acquired;
import io.poolwise.lease.LeaseEvent.Announced;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseEvent.ConnectRequested;
import io.poolwise.lease.LeaseEvent.ConnectUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.DemandChanged;
import io.poolwise.lease.LeaseEvent.MinimumChanged;
import io.poolwise.lease.LeaseEvent.Paid;
import io.poolwise.lease.LeaseEvent.Released;
import io.poolwise.lease.LeaseEvent.SessionClosed;
import io.poolwise.lease.LeaseEvent.SlotsChanged;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LeaseEvent.Stop;
import io.poolwise.lease.LeaseEvent.Tick;
import io.poolwise.lease.LeaseState.Phase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One member, told what happens; what all interleavings lead to is in
 * {@link LeaseModelTests}.
 */
class LeaseMemberTests {

	private static final SessionId COORDINATOR = new SessionId(1, 100, 0);

	private static final SessionId OTHER = new SessionId(1, 200, 0);

	private final LeaseSettings settings = LeaseSettings.defaults(7, 2);

	private final LeaseMember member = new LeaseMember(this.settings);

	private final SessionId[] owners = new SessionId[7];

	private final SessionId[] users = new SessionId[7];

	private final Map<SessionId, Announcement> announced = new HashMap<>();

	private LeaseState state = this.member.start(6, 42, 0);

	private List<LeaseCommand> commands = new ArrayList<>();

	private long now;

	@BeforeEach
	void wantEverything() {
		step(new DemandChanged(Demand.of(20)));
	}

	@Test
	void joinsPaysAndOpensItsGate() {
		step(new Tick());
		assertThat(this.commands).containsExactly(new OpenCoordinator(1, 8));
		step(new CoordinatorOpened(1, COORDINATOR, 2));
		assertThat(told(Announce.class).announcement()).isEqualTo(new Announcement(7, 6, Demand.of(20), 2, 1));
		step(new Announced(1));
		assertThat(told(ReadSnapshot.class).slots()).isEqualTo(6);
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(TryAcquire.class).candidates()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
		assertThat(told(TryAcquire.class).count()).isEqualTo(6);
		step(new Acquired(1, Set.of(1, 2, 3, 4, 5, 6)));
		assertThat(this.commands).containsExactly(new Pay(1, 1, 2));
		assertThat(this.state.gateOpen()).isFalse();
		step(new Paid(1, true));
		assertThat(this.commands).contains(new OpenGate());
		assertThat(told(Resize.class).sessions()).isEqualTo(5);
	}

	@Test
	void withoutASeatItLeavesAndComesBackSoonAfterItsSessionIsGone() {
		step(new Tick());
		step(new CoordinatorOpened(1, COORDINATOR, 0));
		assertThat(this.commands).containsExactly(new CloseCoordinator(1));
		assertThat(this.state.wakeAt()).isGreaterThan(Duration.ofMillis(500).toNanos());
		step(new CoordinatorGone(1));
		assertThat(this.state.phase()).isEqualTo(Phase.OFFLINE);
		assertThat(this.state.wakeAt()).isLessThan(Duration.ofMillis(300).toNanos());
		this.now = this.state.wakeAt();
		step(new Tick());
		assertThat(this.commands).containsExactly(new OpenCoordinator(2, 8));
	}

	@Test
	void attemptOfUnknownOutcomeKeepsNobodyFromTheNext() {
		step(new Tick());
		step(new LeaseEvent.CoordinatorOpenUnknown(1));
		assertThat(this.state.wakeAt()).isBetween(Duration.ofMillis(800).toNanos(), Duration.ofMillis(1200).toNanos());
		this.now = this.state.wakeAt();
		step(new Tick());
		assertThat(this.commands).containsExactly(new OpenCoordinator(2, 8));
		long pause = this.now;
		step(new LeaseEvent.CoordinatorOpenUnknown(2));
		assertThat(this.state.wakeAt() - this.now).isGreaterThan(pause);
	}

	@Test
	void fewAttemptsOfUnknownOutcomeStandBesideEachOther() {
		for (int epoch = 1; epoch <= this.settings.strays(); epoch++) {
			this.now = this.state.wakeAt();
			step(new Tick());
			assertThat(this.commands).containsExactly(new OpenCoordinator(epoch, 8));
			step(new LeaseEvent.CoordinatorOpenUnknown(epoch));
		}
		this.now = this.state.wakeAt();
		step(new Tick());
		assertThat(this.commands).isEmpty();
		assertThat(this.state.remnants()).isEqualTo(this.settings.strays());
		step(new CoordinatorGone(2));
		this.now = this.state.wakeAt();
		step(new Tick());
		assertThat(this.commands).containsExactly(new OpenCoordinator(this.settings.strays() + 1, 8));
	}

	@Test
	void refusalsSayWhy() {
		step(new ConnectRequested());
		assertThat(told(RefuseConnect.class).refusal()).isEqualTo(Refusal.GATE_CLOSED);
		join();
		step(new ConnectRequested());
		Grant grant = told(GrantConnect.class).grant();
		assertThat(grant).isEqualTo(new Grant(2, 1, COORDINATOR));
		step(new ConnectRequested());
		assertThat(told(RefuseConnect.class).refusal()).isEqualTo(Refusal.CONNECTS_OUTSTANDING);
		step(new ConnectFenced(grant, session(2), true, true));
		assertThat(this.commands).contains(new HandOut(2, session(2)));
		for (int slot = 3; slot <= 6; slot++) {
			connect(slot);
		}
		step(new ConnectRequested());
		assertThat(told(RefuseConnect.class).refusal()).isEqualTo(Refusal.AT_TARGET);
	}

	@Test
	void connectOfUnknownOutcomeKeepsItsSlotForTheAuthenticationTimeout() {
		join();
		step(new ConnectRequested());
		Grant grant = told(GrantConnect.class).grant();
		step(new ConnectUnknown(grant));
		assertThat(told(Resize.class).sessions()).isEqualTo(4);
		this.now += this.settings.authenticationTimeout().toNanos() - 1;
		step(new Tick());
		assertThat(this.state.outstanding()).isOne();
		this.now++;
		step(new Tick());
		assertThat(this.state.outstanding()).isZero();
		step(new ConnectFenced(grant, session(2), true, true));
		assertThat(this.commands).containsExactly(new Close(session(2)));
	}

	@Test
	void connectsOfUnknownOutcomeKeepNobodyFromConnectingWhileTheyAreFew() {
		join();
		for (int i = 0; i < this.settings.strays(); i++) {
			step(new ConnectRequested());
			step(new ConnectUnknown(told(GrantConnect.class).grant()));
		}
		step(new ConnectRequested());
		assertThat(told(RefuseConnect.class).refusal()).isEqualTo(Refusal.CONNECTS_OUTSTANDING);
	}

	@Test
	void newCoordinatorConnectsThoughAConnectOfTheOldOneIsOutstanding() {
		join();
		step(new ConnectRequested());
		Grant old = told(GrantConnect.class).grant();
		step(new CoordinatorLost(1));
		step(new Tick());
		SessionId again = new SessionId(1, 101, 0);
		step(new CoordinatorOpened(2, again, 1));
		step(new Announced(2));
		Arrays.fill(this.owners, null);
		this.users[1] = null;
		step(new SnapshotArrived(2, snapshot()));
		step(new Acquired(2, Set.of(1, 2, 3)));
		step(new Paid(2, true));
		step(new ConnectRequested());
		assertThat(told(GrantConnect.class).grant().coordinator()).isEqualTo(again);
		step(new ConnectFenced(old, session(2), true, false));
		assertThat(this.commands).containsExactly(new Close(session(2)));
		assertThat(this.state.phase()).isEqualTo(Phase.PAID);
	}

	@Test
	void slotOfASessionThatFoundItUsedPaysForThatUntilItIsGone() {
		join();
		step(new ConnectRequested());
		Grant grant = told(GrantConnect.class).grant();
		step(new ConnectFenced(grant, session(2), false, true));
		assertThat(this.commands).contains(new Close(session(2)));
		step(new Stop());
		assertThat(told(Release.class).slots()).doesNotContain(2);
		step(new Released(1));
		step(new LeaseEvent.ConnectGone(grant));
		assertThat(told(Release.class).slots()).containsExactly(2);
	}

	@Test
	void fenceThatFailsMeansThatTheCoordinatorIsLost() {
		join();
		step(new ConnectRequested());
		Grant grant = told(GrantConnect.class).grant();
		step(new ConnectFenced(grant, session(2), true, false));
		assertThat(this.commands).contains(new Close(session(2)), new CloseCoordinator(1));
		assertThat(this.state.phase()).isEqualTo(Phase.OFFLINE);
		assertThat(this.state.outstanding()).isOne();
	}

	@Test
	void runningWorkOutlivesTheCoordinatorAndIsAdoptedAgain() {
		join();
		connect(2);
		connect(3);
		step(new CoordinatorLost(1));
		assertThat(this.state.running()).isEqualTo(2);
		assertThat(this.state.owned()).isZero();
		assertThat(this.commands).noneMatch((command) -> command instanceof Close || command instanceof Resize);
		step(new Tick());
		SessionId again = new SessionId(1, 101, 0);
		step(new CoordinatorOpened(2, again, 1));
		step(new Announced(2));
		this.announced.put(again, new Announcement(7, 6, Demand.of(20), 2, 1));
		Arrays.fill(this.owners, null);
		this.users[1] = null;
		step(new SnapshotArrived(2, snapshot()));
		assertThat(told(Readopt.class).sessions()).isEqualTo(Map.of(2, session(2), 3, session(3)));
		step(new LeaseEvent.Readopted(2, Set.of(2)));
		assertThat(this.state.owned()).isOne();
		assertThat(this.state.running()).isEqualTo(2);
	}

	@Test
	void sessionsOfAnotherServerFinishAndHoldNoSlotOfThisOne() {
		join();
		connect(2);
		step(new CoordinatorLost(1));
		step(new Tick());
		step(new CoordinatorOpened(2, new SessionId(2, 100, 0), 1));
		assertThat(this.commands).contains(new Retire(session(2))).doesNotHaveAnyElementsOfTypes(Close.class);
		assertThat(this.state.running()).isZero();
	}

	@Test
	void sessionThatTheServerDroppedIsAbortedAfterTwoLooks() {
		join();
		connect(2);
		lookAgain();
		this.users[2] = null;
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).contains(new Retire(session(2)));
		lookAgain();
		assertThat(told(ReadSnapshot.class).watched()).containsExactly(session(2));
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).doesNotHaveAnyElementsOfTypes(Close.class);
		long first = this.now;
		this.now += this.settings.auditInterval().toNanos();
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).contains(new Close(session(2)));
		assertThat(this.now - first).isGreaterThanOrEqualTo(Duration.ofSeconds(30).toNanos());
	}

	@Test
	void sessionThatTheServerHasIsNeverAborted() {
		join();
		connect(2);
		lookAgain();
		this.users[2] = null;
		step(new SnapshotArrived(1, snapshot()));
		for (int i = 0; i < 5; i++) {
			this.now += this.settings.auditInterval().toNanos();
			lookAgain();
			step(new SnapshotArrived(1,
					new Snapshot(this.owners, this.users, this.announced, Set.of(), Set.of(session(2)), 0)));
			assertThat(this.commands).doesNotHaveAnyElementsOfTypes(Close.class);
		}
	}

	@Test
	void ownSlotsAboveASmallerBudgetAreStillLookedAt() {
		join();
		connect(2);
		step(new SlotsChanged(4));
		lookAgain();
		assertThat(told(ReadSnapshot.class).slots()).isEqualTo(6);
	}

	@Test
	void sessionWithoutItsLockIsRetired() {
		join();
		connect(2);
		lookAgain();
		this.users[2] = null;
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).contains(new Retire(session(2)));
		step(new Tick());
		assertThat(this.commands).doesNotContain(new Retire(session(2)));
	}

	@Test
	void hungryMemberGetsWhatIsAboveTheShare() {
		join();
		for (int slot = 2; slot <= 6; slot++) {
			connect(slot);
		}
		lookAgain();
		this.announced.put(OTHER, new Announcement(8, 6, Demand.of(20), 2, 1));
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(Resize.class).sessions()).isEqualTo(2);
		step(new SessionClosed(session(6)));
		assertThat(this.commands).contains(new Release(1, Set.of(6)));
		step(new SessionClosed(session(5)));
		step(new Released(1));
		assertThat(this.commands).contains(new Release(1, Set.of(5)));
	}

	@Test
	void headroomOfOthersIsNoReasonToGiveSomethingBack() {
		this.announced.put(OTHER, new Announcement(8, 6, new Demand(4, 2), 0, 1));
		Arrays.fill(this.owners, 5, 7, OTHER);
		Arrays.fill(this.users, 5, 7, OTHER);
		join(4);
		for (int slot = 2; slot <= 4; slot++) {
			connect(slot);
		}
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.state.target()).isEqualTo(3);
		assertThat(this.commands).noneMatch(Resize.class::isInstance);
		this.announced.put(OTHER, new Announcement(8, 6, new Demand(4, 3), 0, 1));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(Resize.class).sessions()).isEqualTo(2);
	}

	@Test
	void headroomIsTakenWhereNobodyLacksWhatIsFree() {
		lookBeside(new Demand(4, 2));
		assertThat(told(TryAcquire.class)).isEqualTo(new TryAcquire(1, List.of(3), 1, 8));
	}

	@Test
	void whatOthersLackIsLeftToThem() {
		lookBeside(new Demand(4, 3));
		assertThat(this.state.target()).isEqualTo(3);
		assertThat(this.commands).noneMatch(TryAcquire.class::isInstance);
	}

	/**
	 * A member with two slots, which lacks but headroom, looks: the other has two, too,
	 * one is free, and one is still in use by somebody who is gone.
	 */
	private void lookBeside(Demand other) {
		step(new MinimumChanged(0));
		step(new DemandChanged(new Demand(3, 2)));
		this.announced.put(OTHER, new Announcement(8, 6, other, 0, 1));
		Arrays.fill(this.owners, 4, 6, OTHER);
		Arrays.fill(this.users, 4, 7, OTHER);
		join(2);
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
	}

	@Test
	void whatADeadMemberStillUsesIsTakenSoonAfterItIsFree() {
		step(new Tick());
		step(new CoordinatorOpened(1, COORDINATOR, 1));
		step(new Announced(1));
		Arrays.fill(this.users, 4, 7, session(40));
		step(new SnapshotArrived(1, snapshot()));
		step(new Acquired(1, Set.of(1, 2, 3)));
		step(new Paid(1, true));
		this.announced.put(COORDINATOR, new Announcement(7, 6, Demand.of(20), 2, 1));
		Arrays.fill(this.owners, 1, 4, COORDINATOR);
		this.users[1] = COORDINATOR;
		assertThat(acquiresWithin(Duration.ofSeconds(10))).isFalse();
		Arrays.fill(this.users, 4, 7, null);
		assertThat(acquiresWithin(Duration.ofSeconds(2))).isTrue();
	}

	/** Lets time pass, in which the server answers what it is asked. */
	private boolean acquiresWithin(Duration time) {
		long end = this.now + time.toNanos();
		while (this.now < end) {
			List<LeaseCommand> told = this.commands;
			if (told.stream().anyMatch(TryAcquire.class::isInstance)) {
				return true;
			}
			if (told.stream().anyMatch(ReadSnapshot.class::isInstance)) {
				step(new SnapshotArrived(1, snapshot()));
			}
			else if (told.stream().anyMatch(Announce.class::isInstance)) {
				step(new Announced(1));
			}
			else if (told.stream().anyMatch(LeaseCommand.Poll.class::isInstance)) {
				step(new LeaseEvent.Polled(1, 0));
			}
			else {
				this.now += Duration.ofMillis(10).toNanos();
				step(new Tick());
			}
		}
		return false;
	}

	@Test
	void nothingIsGivenUpWhileNobodyIsHungry() {
		join();
		for (int slot = 2; slot <= 6; slot++) {
			connect(slot);
		}
		step(new DemandChanged(Demand.of(2)));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).noneMatch((command) -> command instanceof Resize || command instanceof Release);
	}

	@Test
	void tellsANewMinimumAndKnowsWhenItHasIt() {
		join();
		assertThat(this.state.complete()).isTrue();
		step(new MinimumChanged(4));
		assertThat(this.state.complete()).isFalse();
		this.now += this.settings.announceInterval().toNanos();
		step(new Tick());
		assertThat(told(Announce.class).announcement().minimumSize()).isEqualTo(4);
		assertThat(this.state.complete()).isFalse();
		step(new Announced(1));
		assertThat(told(ReadSnapshot.class)).isNotNull();
		assertThat(this.state.complete()).isFalse();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.state.complete()).isTrue();
	}

	@Test
	void smallerBudgetGivesUpTheHighestSlots() {
		join();
		for (int slot = 2; slot <= 6; slot++) {
			connect(slot);
		}
		step(new SlotsChanged(4));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).contains(new Retire(session(5)), new Retire(session(6)));
		assertThat(told(Resize.class).sessions()).isEqualTo(3);
	}

	/**
	 * Somebody else's limit is no limit of ours.
	 */
	@Test
	void narrowMemberTakesNothingButItsShareOfItsOwnSlots() {
		join();
		for (int slot = 2; slot <= 6; slot++) {
			connect(slot);
		}
		this.announced.put(OTHER, new Announcement(8, 2, Demand.of(20), 2, 1));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.state.fleetSlots()).isEqualTo(6);
		assertThat(this.state.target()).isEqualTo(4);
		assertThat(told(Resize.class).sessions()).isEqualTo(3);
		assertThat(told(Retire.class)).as("the low one: 1 pays").isEqualTo(new Retire(session(2)));
		step(new SessionClosed(session(2)));
		assertThat(this.commands).contains(new Release(1, Set.of(2)));
	}

	@Test
	void lowSlotsAreGivenUpForHighOnesAndLeftToWhoHasNoOthers() {
		step(new DemandChanged(Demand.of(3)));
		join(3);
		connect(2);
		connect(3);
		Arrays.fill(this.users, 1, 4, null);
		this.users[1] = COORDINATOR;
		this.users[2] = session(2);
		this.users[3] = session(3);
		this.announced.put(OTHER, new Announcement(8, 3, Demand.of(2), 0, 1));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).as("within the share").noneMatch(Resize.class::isInstance);
		assertThat(this.commands).contains(new Retire(session(2)))
			.as("two are the least to work with")
			.doesNotContain(new Retire(session(3)));
		assertThat(this.commands).noneMatch(TryAcquire.class::isInstance);
		step(new SessionClosed(session(2)));
		assertThat(this.commands).contains(new Release(1, Set.of(2)));
		step(new Released(1));
		this.owners[2] = null;
		this.users[2] = null;
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(TryAcquire.class).count()).as("one for 2, one to pay with or to work with").isEqualTo(2);
		assertThat(told(TryAcquire.class).candidates()).containsExactlyInAnyOrder(4, 5, 6);
	}

	@Test
	void coordinatorPaysWithAnotherSlotWhereOthersLackItsOwn() {
		payWithOneOfTwo();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(TryAcquire.class).count()).as("two are the least to work with").isOne();
		step(new Acquired(1, Set.of(4)));
		assertThat(this.commands).contains(new Pay(1, 4, 0, 1));
		step(new Paid(1, true));
		assertThat(this.commands).noneMatch(Release.class::isInstance);
		this.owners[4] = COORDINATOR;
		this.users[4] = COORDINATOR;
		this.users[1] = null;
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).contains(new Release(1, Set.of(1)));
		assertThat(this.state.gateOpen()).isTrue();
		assertThat(this.state.owned()).isEqualTo(2);
	}

	@Test
	void slotIsTakenToPayWithWhereOthersLackTheOneThatPays() {
		payWithOneOfTwo();
		this.users[6] = session(6);
		step(new ConnectRequested());
		step(new ConnectFenced(told(GrantConnect.class).grant(), session(6), true, true));
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(TryAcquire.class)).matches((acquire) -> acquire.count() == 1)
			.matches((acquire) -> Set.copyOf(acquire.candidates()).equals(Set.of(3, 4, 5)));
		step(new Acquired(1, Set.of(5)));
		assertThat(this.commands).contains(new Pay(1, 5, 0, 1));
		step(new Paid(1, false));
		assertThat(this.commands).noneMatch(Release.class::isInstance);
		assertThat(this.state.owned()).isEqualTo(3);
		assertThat(this.state.gateOpen()).isTrue();
	}

	/** The first slot pays; a member with two slots lacks it. */
	private void payWithOneOfTwo() {
		step(new DemandChanged(Demand.of(2)));
		step(new MinimumChanged(0));
		step(new Tick());
		step(new CoordinatorOpened(1, COORDINATOR, 1));
		step(new Announced(1));
		step(new SnapshotArrived(1, snapshot()));
		step(new Acquired(1, Set.of(1, 6)));
		step(new Paid(1, true));
		this.owners[1] = COORDINATOR;
		this.owners[6] = COORDINATOR;
		this.users[1] = COORDINATOR;
		this.owners[2] = OTHER;
		this.announced.put(OTHER, new Announcement(8, 2, Demand.of(2), 0, 1));
		lookAgain();
	}

	@Test
	void slotsThatNoNarrowMemberHasAreTakenFirst() {
		this.announced.put(OTHER, new Announcement(8, 3, Demand.of(1), 0, 1));
		this.owners[1] = OTHER;
		step(new Tick());
		step(new CoordinatorOpened(1, COORDINATOR, 1));
		step(new Announced(1));
		step(new SnapshotArrived(1, snapshot()));
		assertThat(told(TryAcquire.class).count()).isEqualTo(4);
		assertThat(told(TryAcquire.class).candidates().subList(0, 3)).containsExactlyInAnyOrder(4, 5, 6);
		assertThat(told(TryAcquire.class).candidates()).as("one of 2 and 3 is due to the other").hasSize(4);
	}

	@Test
	void othersLookAgainOnceWhenSomebodyAnnouncesAnotherNumberOfSlots() {
		step(new DemandChanged(Demand.of(4)));
		Arrays.fill(this.owners, 5, 7, OTHER);
		this.users[5] = OTHER;
		join(4);
		this.announced.put(OTHER, new Announcement(8, 6, Demand.of(2), 0, 1));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).noneMatch(Recount.class::isInstance);
		this.announced.put(OTHER, new Announcement(8, 4, Demand.of(2), 0, 1));
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).contains(new Recount());
		assertThat(this.state.fleetSlots()).isEqualTo(6);
		lookAgain();
		step(new SnapshotArrived(1, snapshot()));
		assertThat(this.commands).noneMatch(Recount.class::isInstance);
	}

	@Test
	void leavesInOrder() {
		join();
		connect(2);
		step(new Stop());
		assertThat(told(Resize.class).sessions()).isZero();
		assertThat(told(Release.class).slots()).containsExactlyInAnyOrder(3, 4, 5, 6);
		step(new Released(1));
		assertThat(this.commands).isEmpty();
		step(new SessionClosed(session(2)));
		assertThat(this.commands).containsExactly(new Release(1, Set.of(2)));
		step(new Released(1));
		assertThat(this.commands).containsExactly(new CloseCoordinator(1));
		assertThat(this.state.phase()).isEqualTo(Phase.STOPPED);
		assertThat(this.state.wakeAt()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void lateAnswersDoNothing() {
		join();
		LeaseState before = this.state;
		step(new Acquired(1, Set.of(1)));
		step(new SnapshotArrived(0, snapshot()));
		step(new CoordinatorLost(0));
		step(new CoordinatorOpened(0, OTHER, 1));
		assertThat(this.state).isEqualTo(before);
	}

	private void join() {
		join(6);
	}

	/** Joins, and gets the first slots. */
	private void join(int slots) {
		step(new Tick());
		step(new CoordinatorOpened(1, COORDINATOR, 1));
		step(new Announced(1));
		step(new SnapshotArrived(1, snapshot()));
		step(new Acquired(1, IntStream.rangeClosed(1, slots).boxed().collect(Collectors.toSet())));
		step(new Paid(1, true));
		this.announced.put(COORDINATOR, new Announcement(7, 6, Demand.of(20), 2, 1));
		Arrays.fill(this.owners, 1, slots + 1, COORDINATOR);
		this.users[1] = COORDINATOR;
	}

	private void connect(int slot) {
		step(new ConnectRequested());
		step(new ConnectFenced(told(GrantConnect.class).grant(), session(slot), true, true));
		this.users[slot] = session(slot);
	}

	private void lookAgain() {
		step(new LeaseEvent.Notified(1));
		for (int i = 0; i < 10; i++) {
			if (this.commands.stream().anyMatch((command) -> command instanceof ReadSnapshot)) {
				return;
			}
			if (this.commands.stream().anyMatch((command) -> command instanceof Announce)) {
				step(new Announced(1));
				continue;
			}
			if (this.commands.stream().anyMatch((command) -> command instanceof LeaseCommand.Poll)) {
				step(new LeaseEvent.Polled(1, 1));
				continue;
			}
			this.now += Duration.ofMillis(300).toNanos();
			step(new Tick());
		}
		assertThat(this.commands).hasAtLeastOneElementOfType(ReadSnapshot.class);
	}

	private void step(LeaseEvent event) {
		LeaseMember.Step step = this.member.step(this.state, event, this.now);
		this.state = step.state();
		this.commands = step.commands();
	}

	private <T extends LeaseCommand> T told(Class<T> type) {
		return this.commands.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
	}

	private Snapshot snapshot() {
		return new Snapshot(this.owners, this.users, this.announced, this.announced.keySet(), Set.of(), 0);
	}

	private static SessionId session(int slot) {
		return new SessionId(1, slot, 0);
	}

}
