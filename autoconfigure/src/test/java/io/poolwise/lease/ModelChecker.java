package io.poolwise.lease;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Explores every state that a model reaches, breadth first, and checks each.
 */
final class ModelChecker {

	/**
	 * What was found.
	 *
	 * @param bounds where
	 * @param states the states that were reached
	 * @param broken the property that does not hold, {@code null} if all do
	 * @param trace the shortest way there, empty if all hold
	 * @param complete whether all states within the bounds were reached
	 * @param goals the states that are fair and settled
	 */
	record Result(ModelBounds bounds, int states, ModelProperty broken, List<String> trace, boolean complete,
			int goals) {
	}

	private final ModelBounds bounds;

	private final int most;

	private final IntList parents = new IntList();

	private final IntList ordinals = new IntList();

	private final IntList from = new IntList();

	private final IntList to = new IntList();

	private final ModelCodec codec = new ModelCodec();

	private long[] table = new long[1 << 17];

	private int[] ids = new int[1 << 16];

	private int size;

	private ModelProperty broken;

	private int brokenParent;

	private int brokenOrdinal;

	ModelChecker(ModelBounds bounds, int most) {
		this.bounds = bounds;
		this.most = most;
	}

	Result run() {
		ArrayDeque<ModelWorld> queue = new ArrayDeque<>();
		BitSet goals = new BitSet();
		ModelWorld first = first();
		this.codec.encode(first);
		idOf();
		this.parents.add(-1);
		this.ordinals.add(0);
		queue.add(first);
		int current = 0;
		int[] state = new int[2];
		ModelMoves moves = new ModelMoves((next, progress, label) -> {
			int ordinal = state[1]++;
			if (this.broken != null) {
				return;
			}
			this.codec.encode(next);
			int before = this.size;
			int id = idOf();
			if (next.broken != null || this.size > before) {
				this.broken = (next.broken != null) ? next.broken : ModelProperty.ofState(next);
				this.brokenParent = state[0];
				this.brokenOrdinal = ordinal;
			}
			if (this.size > before) {
				this.parents.add(state[0]);
				this.ordinals.add(ordinal);
				queue.add(next);
				if (ModelProperty.goal(next)) {
					goals.set(id);
				}
			}
			if (progress && id != state[0]) {
				this.from.add(state[0]);
				this.to.add(id);
			}
		}, false);
		while (!queue.isEmpty() && this.broken == null && this.size < this.most) {
			state[0] = current++;
			state[1] = 0;
			moves.expand(queue.poll());
		}
		if (this.broken != null) {
			List<String> trace = trace(this.brokenParent);
			trace.add(lastLabel(this.brokenOrdinal));
			return new Result(this.bounds, this.size, this.broken, trace, false, goals.cardinality());
		}
		if (!queue.isEmpty()) {
			return new Result(this.bounds, this.size, null, List.of(), false, goals.cardinality());
		}
		int stuck = firstThatCannotReach(goals);
		return new Result(this.bounds, this.size, (stuck >= 0) ? ModelProperty.GOAL : null,
				(stuck >= 0) ? trace(stuck) : List.of(), true, goals.cardinality());
	}

	private ModelWorld first() {
		ModelWorld first = new ModelWorld(this.bounds);
		first.tidy();
		return this.bounds.warm() ? warm(first) : first;
	}

	/** The first member takes all slots before anything else happens. */
	private ModelWorld warm(ModelWorld first) {
		ArrayDeque<ModelWorld> queue = new ArrayDeque<>(List.of(first));
		Set<Long> seen = new HashSet<>();
		while (true) {
			ModelWorld world = queue.remove();
			LeaseState state = world.states[0];
			if (state.phase == LeaseState.Phase.PAID && state.running() == this.bounds.slots() - 1
					&& state.pending == LeaseState.Pending.NONE) {
				return world;
			}
			new ModelMoves((next, progress, label) -> {
				boolean alone = true;
				for (int m = 1; m < next.states.length; m++) {
					alone &= next.states[m].equals(world.states[m]);
				}
				this.codec.encode(next);
				if (progress && alone && seen.add(this.codec.low)) {
					queue.add(next);
				}
			}, false).expand(world);
		}
	}

	private int firstThatCannotReach(BitSet goals) {
		int[] start = new int[this.size + 1];
		for (int i = 0; i < this.to.size; i++) {
			start[this.to.get(i) + 1]++;
		}
		for (int i = 0; i < this.size; i++) {
			start[i + 1] += start[i];
		}
		int[] fill = start.clone();
		int[] sources = new int[this.to.size];
		for (int i = 0; i < this.to.size; i++) {
			sources[fill[this.to.get(i)]++] = this.from.get(i);
		}
		BitSet reaches = (BitSet) goals.clone();
		int[] stack = new int[this.size];
		int top = 0;
		for (int goal = goals.nextSetBit(0); goal >= 0; goal = goals.nextSetBit(goal + 1)) {
			stack[top++] = goal;
		}
		while (top > 0) {
			int id = stack[--top];
			for (int i = start[id]; i < start[id + 1]; i++) {
				if (!reaches.get(sources[i])) {
					reaches.set(sources[i]);
					stack[top++] = sources[i];
				}
			}
		}
		int stuck = reaches.nextClearBit(0);
		return (stuck < this.size) ? stuck : -1;
	}

	private List<String> trace(int id) {
		List<Integer> path = new ArrayList<>();
		for (int at = id; at > 0; at = this.parents.get(at)) {
			path.add(this.ordinals.get(at));
		}
		Collections.reverse(path);
		ModelWorld[] world = { first() };
		List<String> trace = new ArrayList<>();
		for (int ordinal : path) {
			trace.add(step(world, ordinal));
		}
		this.replayed = world[0];
		return trace;
	}

	private ModelWorld replayed;

	private String lastLabel(int ordinal) {
		ModelWorld[] world = { this.replayed };
		return step(world, ordinal);
	}

	private String step(ModelWorld[] world, int ordinal) {
		int[] count = { 0 };
		String[] label = { "" };
		ModelWorld[] next = { null };
		new ModelMoves((reached, progress, text) -> {
			if (count[0]++ == ordinal) {
				next[0] = reached;
				label[0] = text;
			}
		}, true).expand(world[0]);
		world[0] = next[0];
		return label[0];
	}

	private int idOf() {
		long low = this.codec.low;
		long high = this.codec.high;
		int mask = this.ids.length - 1;
		int at = (int) (low ^ (low >>> 32)) & mask;
		while (this.ids[at] != 0) {
			if (this.table[2 * at] == low && this.table[2 * at + 1] == high) {
				return this.ids[at] - 1;
			}
			at = (at + 1) & mask;
		}
		this.table[2 * at] = low;
		this.table[2 * at + 1] = high;
		this.ids[at] = ++this.size;
		if (this.size * 2 > this.ids.length) {
			grow();
		}
		return this.size - 1;
	}

	private void grow() {
		long[] oldTable = this.table;
		int[] oldIds = this.ids;
		this.table = new long[oldTable.length * 2];
		this.ids = new int[oldIds.length * 2];
		int mask = this.ids.length - 1;
		for (int i = 0; i < oldIds.length; i++) {
			if (oldIds[i] != 0) {
				long low = oldTable[2 * i];
				int at = (int) (low ^ (low >>> 32)) & mask;
				while (this.ids[at] != 0) {
					at = (at + 1) & mask;
				}
				this.ids[at] = oldIds[i];
				this.table[2 * at] = low;
				this.table[2 * at + 1] = oldTable[2 * i + 1];
			}
		}
	}

	/** A growing array. */
	private static final class IntList {

		private int[] values = new int[1024];

		private int size;

		void add(int value) {
			if (this.size == this.values.length) {
				this.values = Arrays.copyOf(this.values, this.size + (this.size >> 1));
			}
			this.values[this.size++] = value;
		}

		int get(int index) {
			return this.values[index];
		}

	}

}
