package io.poolwise.lease;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How far a model is explored, and which rules it goes without.
 *
 * @param slots the slots of the fleet
 * @param seats the seats beside them
 * @param connects connects that a member may have outstanding
 * @param faults how many faults may happen in one run
 * @param kinds which faults
 * @param demand what each member wants, one number a member
 * @param removed the rules that are not kept
 * @param recycles how many connections pools close without a reason
 * @param slow whether every request and every answer takes a step of its own
 * @param warm whether the first member works alone, with all slots, in the beginning
 * @param headroom whether what members want beyond the least is headroom
 * @param narrow the slots that the last member may use; all of them for the others
 * @param rising whether each member has a seat more than the one before it, and a slot
 * fewer
 */
record ModelBounds(int slots, int seats, int connects, int faults, Set<Fault> kinds, List<Integer> demand,
		Set<Rule> removed, int recycles, boolean slow, boolean warm, boolean headroom, int narrow, boolean rising) {

	/** Of each sort, a member. */
	static final int STRAYS = 1;

	enum Fault {

		DROP_COORDINATOR, LOSE_COORDINATOR, DROP_SESSION, DROP_IN_SILENCE, KILL, CONNECT_TIMEOUT, CONNECT_REFUSED,
		OPEN_TIMEOUT, OPEN_REFUSED, RESTART, FAILOVER, SWITCH, UNLOCK_ALL, COOL_DOWN, STOP

	}

	static ModelBounds of(int members, int slots, int faults) {
		Integer[] demand = new Integer[members];
		Arrays.fill(demand, slots);
		return new ModelBounds(slots, 1, 1, faults, EnumSet.complementOf(EnumSet.of(Fault.COOL_DOWN, Fault.STOP)),
				List.of(demand), Set.of(), 1, false, false, false, slots, false);
	}

	ModelBounds only(Fault... kinds) {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, Set.of(kinds), this.demand,
				this.removed, this.recycles, this.slow, this.warm, this.headroom, this.narrow, this.rising);
	}

	ModelBounds without(Rule rule) {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				Set.of(rule), this.recycles, this.slow, this.warm, this.headroom, this.narrow, this.rising);
	}

	ModelBounds seats(int seats) {
		return new ModelBounds(this.slots, seats, this.connects, this.faults, this.kinds, this.demand, this.removed,
				this.recycles, this.slow, this.warm, this.headroom, this.narrow, this.rising);
	}

	ModelBounds demand(Integer... demand) {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, List.of(demand),
				this.removed, this.recycles, this.slow, this.warm, this.headroom, this.narrow, this.rising);
	}

	ModelBounds recycles(int recycles) {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				this.removed, recycles, this.slow, this.warm, this.headroom, this.narrow, this.rising);
	}

	ModelBounds slowly() {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				this.removed, this.recycles, true, this.warm, this.headroom, this.narrow, this.rising);
	}

	ModelBounds startingWarm() {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				this.removed, this.recycles, this.slow, true, this.headroom, this.narrow, this.rising);
	}

	ModelBounds withSeatsRising() {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				this.removed, this.recycles, this.slow, this.warm, this.headroom, this.narrow, true);
	}

	ModelBounds withHeadroom() {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				this.removed, this.recycles, this.slow, this.warm, true, this.narrow, this.rising);
	}

	ModelBounds narrow(int narrow) {
		return new ModelBounds(this.slots, this.seats, this.connects, this.faults, this.kinds, this.demand,
				this.removed, this.recycles, this.slow, this.warm, this.headroom, narrow, this.rising);
	}

	Demand demand(int slots) {
		return new Demand(slots, this.headroom ? Math.min(slots, FairShare.LEAST) : slots);
	}

	int members() {
		return this.demand.size();
	}

	int budget() {
		return this.slots + this.seats;
	}

	int seatsOf(int member) {
		return this.seats + (this.rising ? member : 0);
	}

	/** The slots that a member may use. */
	int slots(int member) {
		int own = budget() - seatsOf(member);
		return (member == members() - 1) ? Math.min(this.narrow, own) : own;
	}

	/** The slots that no member takes for seats. */
	int leastSlots() {
		return budget() - seatsOf(members() - 1);
	}

	boolean keeps(Rule rule) {
		return !this.removed.contains(rule);
	}

	LeaseMember member(int index) {
		Duration soon = Duration.ofNanos(1);
		Duration later = Duration.ofNanos(ModelClock.LATER);
		LeaseSettings settings = new LeaseSettings(index + 1, seatsOf(index), this.connects, STRAYS, 0, later, soon,
				later, soon, soon, later, soon, Duration.ofDays(365));
		return new LeaseMember(settings, this.removed);
	}

	@Override
	public String toString() {
		String slots = this.slots + ((this.narrow < this.slots) ? " slots, " + this.narrow + " of one, " : " slots, ");
		return members() + " members, " + slots + this.seats + ((this.seats == 1) ? " seat" : " seats")
				+ (this.rising ? " and more, " : ", ") + this.faults + ((this.faults == 1) ? " fault" : " faults");
	}

}
