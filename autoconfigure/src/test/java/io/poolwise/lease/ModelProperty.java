package io.poolwise.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.poolwise.lease.FairShare.Claim;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.SnapshotArrived;
import io.poolwise.lease.LeaseState.Phase;
import io.poolwise.lease.Slot.State;

/**
 * What must hold in every state that a model reaches.
 */
enum ModelProperty {

	SETTLED("settled sessions <= budget + U"),

	BOUND("all sessions <= budget + max(0, M-1-J) + C x E + Q + U"),

	SLOTS("connections and paid coordinators <= slots + C x E + Q + U"),

	FEW("an instance leaves at most K coordinators and K + C connects behind"),

	LOCKED("every settled session holds exactly one use or seat"),

	WORKING("who paid has a slot to work with"),

	CUT("running work is never cut"),

	FAITHFUL("a coordinator that holds its locks is not given up"),

	OWNED("no connection is handed out on a slot that another member owns"),

	HONEST("a slot counts as used only if its session holds use(s)"),

	SAME_SERVER("no session of another server counts as one of this"),

	SEATS("who makes connections sits on no seat"),

	ONCE("no lock is held twice: one release has to free it"),

	GENEROUS("slots are given up only for a visible member that needs them"),

	GOAL("the fair state can be reached from every state");

	private final String text;

	ModelProperty(String text) {
		this.text = text;
	}

	String text() {
		return this.text;
	}

	/** The first property that does not hold in a state, {@code null} if all do. */
	static ModelProperty ofState(ModelWorld world) {
		int settled = 0;
		int all = 0;
		int slotted = 0;
		int unlocked = 0;
		int unknown = 0;
		Set<Integer> lost = new HashSet<>();
		ModelBounds bounds = world.bounds;
		for (ModelSession session : world.sessions) {
			if (!session.onServer()) {
				continue;
			}
			all++;
			slotted += (session.coordinator && session.use == 0) ? 0 : 1;
			settled += session.settled ? 1 : 0;
			unlocked += session.unlocked ? 1 : 0;
			if (session.settled && !session.unlocked) {
				int locks = Integer.bitCount(session.use) + Integer.bitCount(session.seat);
				boolean paying = session.coordinator && world.asked[session.member] instanceof LeaseCommand.Pay;
				boolean closing = session.coordinator && !session.attached;
				if (locks != 1 && !(locks == 2 && (paying || closing))) {
					return LOCKED;
				}
			}
			if (session.ownTwice != 0) {
				return ONCE;
			}
			if (!lostEpoch(world, session)) {
				continue;
			}
			// the last attempt of a member counts as its joiner
			boolean joiner = session.age == 0 && session.coordinator && !session.settled;
			if (session.unknown) {
				unknown += (session.use + session.seat == 0) ? 1 : 0;
			}
			else if (!joiner) {
				lost.add((session.member * 16 + session.age) * 16 + session.epoch);
			}
		}
		if (settled > bounds.budget() + unlocked) {
			return SETTLED;
		}
		int above = Math.max(0, bounds.members() - 1 - bounds.seats()) + bounds.connects() * lost.size();
		if (all > bounds.budget() + above + unknown + unlocked) {
			return BOUND;
		}
		if (slotted > bounds.slots() + bounds.connects() * lost.size() + unknown + unlocked) {
			return SLOTS;
		}
		if (!leavesFew(world)) {
			return FEW;
		}
		for (LeaseState state : world.states) {
			boolean connected = state.phase == Phase.SEATED || state.phase == Phase.PAID;
			if (connected && state.slots.any((slot) -> ofOldServer(state, slot))) {
				return SAME_SERVER;
			}
			if (state.phase == Phase.SEATED && state.slots.any((slot) -> slot.state() == State.CONNECTING)) {
				return SEATS;
			}
			if (state.phase == Phase.PAID && !state.leaving && state.owned() < FairShare.LEAST) {
				return WORKING;
			}
		}
		return null;
	}

	private static boolean leavesFew(ModelWorld world) {
		Map<Integer, Integer> coordinators = new HashMap<>();
		Map<Integer, Integer> connects = new HashMap<>();
		for (ModelSession session : world.sessions) {
			int member = session.member * 16 + session.age;
			if (!session.onServer() || !lostEpoch(world, session)) {
				continue;
			}
			if (session.coordinator) {
				coordinators.merge(member, session.unknown ? 1 : 0, Integer::sum);
			}
			else {
				connects.merge(member, session.settled ? 0 : 1, Integer::sum);
			}
		}
		int few = ModelBounds.STRAYS;
		return coordinators.values().stream().allMatch((count) -> count <= few)
				&& connects.values().stream().allMatch((count) -> count <= few + world.bounds.connects());
	}

	static ModelProperty ofStep(ModelWorld world, int m, LeaseState before, LeaseEvent event) {
		LeaseState after = world.states[m];
		if (event instanceof SnapshotArrived arrived && after.share.keep() != Share.ALL
				&& !somebodyNeeds(world, before, arrived.snapshot())) {
			return GENEROUS;
		}
		return null;
	}

	static ModelProperty ofClose(ModelWorld world, int m, ModelSession coordinator, LeaseEvent cause) {
		LeaseState state = world.states[m];
		boolean given = state.phase == Phase.OFFLINE && !(cause instanceof CoordinatorLost)
				&& world.bounds.keeps(Rule.REMNANTS)
				&& state.remnants.stream().noneMatch((remnant) -> remnant.epoch() == state.epoch);
		return (given && coordinator.stage == ModelSession.Stage.LIVE && !coordinator.gone
				&& coordinator.use + coordinator.seat != 0) ? FAITHFUL : null;
	}

	/** Whether nobody wants anything any more, and all is as fair as it gets. */
	static boolean goal(ModelWorld world) {
		ModelBounds bounds = world.bounds;
		List<Claim> claims = new ArrayList<>();
		List<Integer> owned = new ArrayList<>();
		int staying = bounds.members();
		for (int m = 0; m < world.states.length; m++) {
			LeaseState state = world.states[m];
			staying -= state.leaving ? 1 : 0;
			if (state.leaving && state.phase != Phase.STOPPED) {
				return false;
			}
			if (state.phase == Phase.PAID) {
				if (state.share.hungry() || !state.connects.isEmpty() || state.slots
					.any((slot) -> slot.retiring() || (slot.state() != State.USED && slot.state() != State.PAYING))) {
					return false;
				}
				claims.add(new Claim(m + 1, state.total, state.demand, 0, 0, true, false));
				owned.add(state.owned());
			}
			else if (state.slots.size() > 0 || !state.connects.isEmpty()) {
				return false;
			}
		}
		if (claims.size() < Math.min(staying, bounds.leastSlots() / FairShare.LEAST)) {
			return false;
		}
		int[] shares = FairShare.shares((limit) -> Math.min(limit, bounds.leastSlots()), claims);
		int[] due = FairShare.due(claims, shares, false);
		boolean free = owned.stream().mapToInt(Integer::intValue).sum() < bounds.leastSlots();
		for (int i = 0; i < shares.length; i++) {
			// headroom is owed to nobody but where it is free
			if (owned.get(i) < (free ? shares : due)[i]) {
				return false;
			}
		}
		for (ModelSession session : world.sessions) {
			Phase phase = world.states[session.member].phase;
			boolean joining = session.coordinator && phase != Phase.PAID && phase != Phase.STOPPED;
			// of another server's sessions nobody can say whether they are gone
			boolean hangs = session.silent && session.id.server() != world.server;
			if (!joining && !hangs && (!session.attached || session.gone || session.unlocked || session.elsewhere)) {
				return false;
			}
		}
		return true;
	}

	/** Whether a coordinator counts as settled: its member sits on a seat, or paid. */
	static boolean settles(ModelWorld world, ModelSession session) {
		if (!session.coordinator || !session.attached || session.age > 0) {
			return false;
		}
		LeaseState state = world.states[session.member];
		return session.epoch == state.epoch && (state.phase == Phase.SEATED || state.phase == Phase.PAID);
	}

	private static boolean ofOldServer(LeaseState state, Slot slot) {
		SessionId session = slot.session();
		return session != null && slot.running() && session.server() != state.server;
	}

	/** Looks at a slot that is being handed out or adopted. */
	static ModelProperty ofUse(ModelWorld world, ModelSession session, boolean adopted) {
		int slot = session.grant.slot();
		if (adopted && (session.gone || (session.use & (1 << slot)) == 0)) {
			return HONEST;
		}
		for (int m = 0; m < world.states.length; m++) {
			ModelSession other = world.coordinator(m);
			boolean takes = (world.taken[m] & (1 << slot)) != 0;
			if (m != session.member && other != null && !takes && (other.own & (1 << slot)) != 0) {
				return OWNED;
			}
		}
		return null;
	}

	private static boolean lostEpoch(ModelWorld world, ModelSession session) {
		if (session.age > 0 || session.epoch < world.states[session.member].epoch) {
			return true;
		}
		ModelSession coordinator = world.coordinator(session.member);
		return coordinator == null || coordinator.gone || coordinator.epoch != session.epoch;
	}

	private static boolean somebodyNeeds(ModelWorld world, LeaseState self, Snapshot snapshot) {
		int working = 0;
		for (SessionId coordinator : snapshot.members().keySet()) {
			working += snapshot.paid(coordinator) ? 1 : 0;
		}
		int fitting = Math.min(snapshot.members().size(), world.bounds.slots() / FairShare.LEAST);
		for (var member : snapshot.members().entrySet()) {
			SessionId coordinator = member.getKey();
			boolean paid = snapshot.paid(coordinator);
			boolean fits = paid || (working + 1) * FairShare.LEAST <= world.bounds.slots();
			int fair = Math.min(member.getValue().demand().used(), (world.bounds.slots() + fitting - 1) / fitting);
			if (!coordinator.equals(self.coordinator) && fits
					&& snapshot.held(coordinator) < Math.max(FairShare.LEAST, fair)) {
				return true;
			}
		}
		return false;
	}

}
