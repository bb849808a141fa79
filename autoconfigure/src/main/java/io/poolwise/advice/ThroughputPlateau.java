package io.poolwise.advice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The concurrency above which throughput was seen to grow no more.
 *
 * @param knee from the crossing of the two bounds of throughput to where 95 % of the
 * greatest throughput was reached, in connections, at least 1
 * @param throughput the greatest throughput, in uses a second
 * @param lightHoldSeconds how long a use held its connection below the knee
 * @param heavyHoldSeconds how long at the greatest concurrency
 * @param heavyConcurrency the greatest concurrency, in connections
 */
record ThroughputPlateau(SizeRange knee, double throughput, double lightHoldSeconds, double heavyHoldSeconds,
		double heavyConcurrency) {

	private static final int LEVELS = 6;

	private static final int LEAST_BLOCKS_A_LEVEL = 10;

	// Uses enough that a block's mean hold time is its load's rather than chance's, and
	// a time in which most uses both begin and end.
	private static final int LEAST_USES_A_BLOCK = 200;

	private static final int LEAST_HOLDS_A_BLOCK = 5;

	// The least of a rise before the plateau, and the least of a plateau.
	private static final double RISE = 0.75;

	private static final double LENGTH = 1.5;

	private static final double GROWTH = 0.25;

	// Of shorter hold times the rounding is more than a tenth, and what looks like a
	// longer hold may be the next step of the clock.
	private static final int LEAST_ROUNDINGS = 5;

	private static final double REACHED = 0.95;

	// Student's t, two-sided 95 %, with the 9 degrees of freedom of the fewest blocks.
	private static final double T = 2.262;

	/**
	 * Looks for a plateau.
	 * <p>
	 * The window is cut into blocks of 200 uses and 5 hold times at least, each with its
	 * throughput and its mean concurrency (hold time a second, which is Little's law; the
	 * samples of the number in use would be noise beside it), and the blocks are put into
	 * six levels of concurrency. A plateau is claimed only if, beyond the errors of the
	 * means, throughput rose before it, and from one level to another with half as much
	 * concurrency again or more it grew by at most a quarter of what unchanged hold times
	 * would have given. Without the rise, work that is merely heavier would look the
	 * same.
	 * <p>
	 * The knee begins at the greatest throughput x the least hold time, where the bounds
	 * of an operational analysis cross (Denning and Buzen 1978; Kleinrock 1979).
	 * @param window the window
	 * @return the plateau, or null if none was seen
	 */
	static @Nullable ThroughputPlateau find(UsageWindow window) {
		LittlesLaw law = LittlesLaw.of(window);
		List<Level> levels = (law != null) ? levels(window, law) : List.of();
		if (levels.isEmpty()) {
			return null;
		}
		Level lightest = levels.get(0);
		Level heaviest = levels.get(levels.size() - 1);
		Level best = levels.stream().max(Comparator.comparingDouble(Level::throughput)).orElse(heaviest);
		Level before = null;
		for (Level level : levels) {
			if (level.concurrency() * LENGTH <= heaviest.concurrency()) {
				before = level;
			}
		}
		if (before == null || !rises(lightest, best) || !flat(before, heaviest)) {
			return null;
		}
		double hold = levels.stream().mapToDouble(Level::hold).min().orElse(0);
		if (hold < LEAST_ROUNDINGS * window.roundingSeconds()) {
			return null;
		}
		double reached = levels.stream()
			.filter((level) -> level.throughput() >= REACHED * best.throughput())
			.mapToDouble(Level::concurrency)
			.min()
			.orElse(heaviest.concurrency());
		SizeRange knee = SizeRange.of(Math.floor(best.throughput() * hold), Math.ceil(reached), 1);
		return new ThroughputPlateau(knee, best.throughput(), hold, heaviest.hold(), heaviest.concurrency());
	}

	private static boolean rises(Level from, Level to) {
		return from.throughput() + T * from.error() < RISE * (to.throughput() - T * to.error());
	}

	private static boolean flat(Level from, Level to) {
		double growth = to.throughput() - from.throughput() + T * Math.hypot(from.error(), to.error());
		double proportional = from.throughput() * (to.concurrency() / from.concurrency() - 1);
		return growth <= GROWTH * proportional;
	}

	/**
	 * The levels in the order of their concurrency; none if too little was measured, or
	 * nothing was held in one.
	 */
	private static List<Level> levels(UsageWindow window, LittlesLaw law) {
		double seconds = Math.max(LEAST_USES_A_BLOCK / law.throughput(), LEAST_HOLDS_A_BLOCK * law.holdSeconds());
		int size = (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.ceil(seconds / window.intervalSeconds())));
		int width = window.samples().size() / size / LEVELS;
		if (width < LEAST_BLOCKS_A_LEVEL) {
			return List.of();
		}
		List<Block> blocks = new ArrayList<>();
		for (int i = 0; i < width * LEVELS; i++) {
			blocks.add(Block.of(window, window.samples().subList(i * size, (i + 1) * size),
					window.intervalSeconds() * size));
		}
		blocks.sort(Comparator.comparingDouble(Block::concurrency));
		List<Level> levels = new ArrayList<>();
		for (int i = 0; i < LEVELS; i++) {
			levels.add(Level.of(blocks.subList(i * width, (i + 1) * width)));
		}
		boolean measured = levels.stream().allMatch((level) -> level.concurrency() > 0 && level.throughput() > 0);
		return measured ? levels : List.of();
	}

	private record Block(double concurrency, double throughput) {

		private static Block of(UsageWindow window, List<UsageSample> samples, double seconds) {
			double held = samples.stream().mapToDouble(window::held).sum();
			double completed = samples.stream().mapToDouble(UsageSample::completed).sum();
			return new Block(held / seconds, completed / seconds);
		}

	}

	private record Level(double concurrency, double throughput, double error) {

		private static Level of(List<Block> blocks) {
			double concurrency = blocks.stream().mapToDouble(Block::concurrency).average().orElse(0);
			double throughput = blocks.stream().mapToDouble(Block::throughput).average().orElse(0);
			double squares = blocks.stream()
				.mapToDouble((block) -> (block.throughput() - throughput) * (block.throughput() - throughput))
				.sum();
			int count = blocks.size();
			return new Level(concurrency, throughput, Math.sqrt(squares / (count - 1) / count));
		}

		private double hold() {
			return this.concurrency / this.throughput;
		}

	}

}
