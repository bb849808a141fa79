package io.poolwise.budget;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties of the budget arithmetic.
 */
class BudgetPropertyTests {

	@Property
	void sumOverThePeakNeverExceedsTheBudget(@ForAll("limits") int limit, @ForAll("reserves") Reserve reserve,
			@ForAll("shares") BigDecimal share, @ForAll("replicas") int replicas, @ForAll("surges") Surge surge,
			@ForAll @IntRange(max = 100) int ungoverned) {
		Fleet fleet = Fleet.of(replicas, surge);
		Budget budget = Budget.of(limit(limit), reserve, share);
		Allotment allotment = Allotment.of(budget, fleet, ungoverned);
		long each = (long) allotment.connections() + ((allotment.connections() > 0) ? ungoverned : 0);
		assertThat(each * fleet.peak()).isLessThanOrEqualTo(budget.connections());
		assertThat((long) budget.connections() + Math.min(limit, budget.reserveConnections()))
			.isLessThanOrEqualTo(limit);
	}

	@Property
	void budgetWastesLessThanOneConnection(@ForAll("limits") int limit, @ForAll("reserves") Reserve reserve,
			@ForAll("shares") BigDecimal share) {
		Budget budget = Budget.of(limit(limit), reserve, share);
		BigDecimal exact = BigDecimal.valueOf(Math.max(0, limit - budget.reserveConnections())).multiply(share);
		assertThat(exact.subtract(BigDecimal.valueOf(budget.connections()))).isBetween(BigDecimal.ZERO,
				new BigDecimal("0.999999999999999999"));
	}

	@Property
	void allotmentWastesLessThanOneConnectionAnInstance(@ForAll("limits") int limit, @ForAll("replicas") int replicas,
			@ForAll("surges") Surge surge) {
		Fleet fleet = Fleet.of(replicas, surge);
		Budget budget = Budget.of(limit(limit), Reserve.parse("0"), BigDecimal.ONE);
		Allotment allotment = Allotment.of(budget, fleet, 0);
		assertThat((allotment.connections() + 1L) * fleet.peak()).isGreaterThan(budget.connections());
	}

	@Property
	void oneInstanceMoreNeverRaisesAnAllotment(@ForAll("limits") int limit, @ForAll("reserves") Reserve reserve,
			@ForAll("shares") BigDecimal share, @ForAll("replicas") int replicas, @ForAll("surges") Surge surge) {
		Budget budget = Budget.of(limit(limit), reserve, share);
		int fewer = Allotment.of(budget, Fleet.of(replicas, surge), 0).connections();
		int more = Allotment.of(budget, Fleet.of(replicas + 1, surge), 0).connections();
		assertThat(more).isLessThanOrEqualTo(fewer);
	}

	@Property
	void higherLimitNeverLowersABudgetOrAnAllotment(@ForAll("limits") int limit, @ForAll("limits") int other,
			@ForAll("reserves") Reserve reserve, @ForAll("shares") BigDecimal share, @ForAll("replicas") int replicas) {
		Budget lower = Budget.of(limit(Math.min(limit, other)), reserve, share);
		Budget higher = Budget.of(limit(Math.max(limit, other)), reserve, share);
		Fleet fleet = new Fleet(replicas, 0);
		assertThat(lower.connections()).isLessThanOrEqualTo(higher.connections());
		assertThat(Allotment.of(lower, fleet, 0).connections())
			.isLessThanOrEqualTo(Allotment.of(higher, fleet, 0).connections());
	}

	@Property
	void reserveIsThePercentageRoundedUp(@ForAll("limits") int limit, @ForAll("percentages") BigDecimal percent) {
		BigDecimal exact = BigDecimal.valueOf(limit).multiply(percent).divide(BigDecimal.valueOf(100));
		int reserved = Reserve.parse(percent.toPlainString() + "%").of(limit);
		assertThat(reserved).isEqualTo(exact.setScale(0, RoundingMode.CEILING).intValueExact()).isBetween(0, limit);
	}

	@Property
	void surgeIsAsKubernetesRoundsIt(@ForAll @IntRange(min = 1, max = 5000) int replicas,
			@ForAll @IntRange(max = 400) int percent) {
		int kubernetes = (int) Math.ceil((double) percent * replicas / 100);
		assertThat(Surge.parse(percent + "%").extra(replicas)).isEqualTo(kubernetes);
	}

	@Property
	void sharesSpendTheAllotmentButNeverMore(@ForAll("demands") List<PoolDemand> pools,
			@ForAll("allotments") int allotment) {
		int fitting = Math.max(allotment, pools.size());
		long sum = shares(fitting, pools).stream().mapToLong(PoolShare::allotment).sum();
		long wanted = pools.stream().mapToLong(PoolDemand::weight).sum();
		assertThat(sum).isEqualTo(Math.min(fitting, wanted));
	}

	@Property
	void shareIsAtLeastOneAndAtMostWhatThePoolCouldUse(@ForAll("demands") List<PoolDemand> pools,
			@ForAll("allotments") int allotment) {
		List<PoolShare> shares = shares(Math.max(allotment, pools.size()), pools);
		for (int i = 0; i < pools.size(); i++) {
			PoolDemand pool = pools.get(i);
			PoolShare share = shares.get(i);
			assertThat(share.name()).isEqualTo(pool.name());
			assertThat((long) share.allotment()).isBetween(1L, pool.weight());
			assertThat(share.appliedMax()).isEqualTo(Math.min(pool.maxSize(), share.allotment()));
			assertThat(share.appliedMin()).isEqualTo(Math.min(pool.minSize(), share.appliedMax()));
			assertThat(share.appliedMax() + share.appliedOverflow()).isEqualTo(share.allotment());
		}
	}

	@Property
	void sharesAreWithinOneOfTheirProportionUnlessAPoolIsLiftedToOne(
			@ForAll @Size(min = 1, max = 8) List<@IntRange(min = 10, max = 100) Integer> sizes,
			@ForAll @IntRange(min = 10, max = 100) int percent) {
		List<PoolDemand> pools = new ArrayList<>();
		sizes.forEach((size) -> pools.add(new PoolDemand("p" + pools.size(), 0, size, 0)));
		int weights = sizes.stream().mapToInt(Integer::intValue).sum();
		// a tenth at least, so that nobody is lifted
		int allotment = (weights * percent + 99) / 100;
		List<PoolShare> shares = shares(allotment, pools);
		for (int i = 0; i < pools.size(); i++) {
			int product = sizes.get(i) * allotment;
			assertThat(shares.get(i).allotment()).isBetween(product / weights, (product + weights - 1) / weights);
		}
	}

	@Property
	void orderOfThePoolsDoesNotMatter(@ForAll("demands") List<PoolDemand> pools, @ForAll("allotments") int allotment,
			@ForAll Random random) {
		int fitting = Math.max(allotment, pools.size());
		List<PoolDemand> shuffled = new ArrayList<>(pools);
		Collections.shuffle(shuffled, random);
		assertThat(byName(shares(fitting, shuffled))).isEqualTo(byName(shares(fitting, pools)));
	}

	@Property
	void heavierPoolNeverGetsLess(@ForAll("demands") List<PoolDemand> pools, @ForAll("allotments") int allotment) {
		List<PoolShare> shares = shares(Math.max(allotment, pools.size()), pools);
		for (int i = 0; i < pools.size(); i++) {
			for (int j = 0; j < pools.size(); j++) {
				if (pools.get(i).weight() > pools.get(j).weight()) {
					assertThat(shares.get(i).allotment()).isGreaterThanOrEqualTo(shares.get(j).allotment());
				}
			}
		}
	}

	@Property
	void largerAllotmentNeverLowersAShareOfTwoPools(@ForAll @IntRange(min = 1, max = 100) int first,
			@ForAll @IntRange(min = 1, max = 100) int second, @ForAll @IntRange(min = 2, max = 250) int allotment) {
		List<PoolDemand> pools = List.of(new PoolDemand("a", 0, first, 0), new PoolDemand("b", 0, second, 0));
		List<PoolShare> smaller = shares(allotment, pools);
		List<PoolShare> larger = shares(allotment + 1, pools);
		for (int i = 0; i < 2; i++) {
			assertThat(smaller.get(i).allotment()).isLessThanOrEqualTo(larger.get(i).allotment());
		}
	}

	@Property
	void channelsNeverExceedTheConnectionNorTheSharedBudget(@ForAll @IntRange(min = 1, max = 65535) int channelMax,
			@ForAll @IntRange(max = 3000) int listeners, @ForAll("limits") int user,
			@ForAll @IntRange(min = 1, max = 600) int replicas) {
		Fleet fleet = new Fleet(replicas, 1);
		int channels = new ChannelLimits(channelMax, listeners, user, null)
			.allot(Reserve.parse("10%"), BigDecimal.ONE, fleet)
			.channels();
		assertThat((long) channels * fleet.peak()).isLessThanOrEqualTo(user);
		assertThat(channels).isLessThanOrEqualTo(Math.max(0, channelMax - listeners));
	}

	@Provide
	Arbitrary<Integer> limits() {
		return Arbitraries.oneOf(Arbitraries.integers().between(0, 1000),
				Arbitraries.integers().between(0, Integer.MAX_VALUE));
	}

	@Provide
	Arbitrary<Integer> replicas() {
		return Arbitraries.oneOf(Arbitraries.integers().between(1, 20), Arbitraries.integers().between(1, 1_000_000));
	}

	@Provide
	Arbitrary<Integer> allotments() {
		return Arbitraries.oneOf(Arbitraries.integers().between(0, 100),
				Arbitraries.integers().between(0, Integer.MAX_VALUE));
	}

	@Provide
	Arbitrary<BigDecimal> percentages() {
		return Arbitraries.bigDecimals().between(BigDecimal.ZERO, new BigDecimal("99.99")).ofScale(2);
	}

	@Provide
	Arbitrary<Reserve> reserves() {
		return Arbitraries.oneOf(percentages().map((percent) -> Reserve.parse(percent.toPlainString() + "%")),
				limits().map((count) -> Reserve.parse(String.valueOf(count))));
	}

	@Provide
	Arbitrary<BigDecimal> shares() {
		return Arbitraries.oneOf(Arbitraries.just(BigDecimal.ONE),
				Arbitraries.bigDecimals().between(new BigDecimal("0.001"), BigDecimal.ONE).ofScale(3),
				Arbitraries.bigDecimals().between(new BigDecimal("1E-18"), BigDecimal.ONE).ofScale(18));
	}

	@Provide
	Arbitrary<Surge> surges() {
		return Arbitraries.integers()
			.between(0, 200)
			.flatMap((amount) -> Arbitraries.of(Surge.parse(amount + "%"), Surge.parse(String.valueOf(amount))));
	}

	@Provide
	Arbitrary<List<PoolDemand>> demands() {
		Arbitrary<Integer> sizes = Arbitraries.oneOf(Arbitraries.integers().between(1, 50),
				Arbitraries.integers().between(1, Integer.MAX_VALUE));
		Arbitrary<Integer> overflows = Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.just(0)),
				Tuple.of(1, Arbitraries.integers().between(0, Integer.MAX_VALUE)));
		Arbitrary<int[]> numbers = Combinators.combine(Arbitraries.integers().between(0, 60), sizes, overflows)
			.as((min, max, overflow) -> new int[] { min, max, overflow });
		return numbers.list().ofMinSize(1).ofMaxSize(8).map((list) -> {
			List<PoolDemand> pools = new ArrayList<>();
			for (int[] pool : list) {
				pools.add(new PoolDemand("p" + pools.size(), pool[0], pool[1], pool[2]));
			}
			return pools;
		});
	}

	private static List<PoolShare> shares(int allotment, List<PoolDemand> pools) {
		return BudgetAllocator.split(allotment, pools);
	}

	private static Map<String, Integer> byName(List<PoolShare> shares) {
		Map<String, Integer> byName = new HashMap<>();
		shares.forEach((share) -> byName.put(share.name(), share.allotment()));
		return byName;
	}

	private static ServerLimit limit(int connections) {
		return ServerLimit.ofServer(connections, List.of());
	}

}
