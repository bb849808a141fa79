package io.poolwise.lease;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import io.poolwise.lease.FairShare.Claim;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shares of members that may use different numbers of slots.
 */
class NarrowShareTests {

	@Example
	void exampleOfTheDocumentation() {
		assertThat(shares(claim(1, 40, 10, 4), claim(2, 40, 60, 4), claim(3, 100, 90, 4))).containsExactly(10, 30, 60);
	}

	@Example
	void narrowLimitTakesNothingFromTheOthers() {
		assertThat(shares(claim(1, 3, 50, 10), claim(2, 85, 50, 10), claim(3, 85, 50, 10))).containsExactly(3, 41, 41);
		assertThat(shares(claim(1, 3, 1, 0), claim(2, 85, 50, 10), claim(3, 85, 50, 10))).containsExactly(2, 42, 41);
	}

	@Example
	void membersWithTheSameNarrowLimitShareIt() {
		assertThat(shares(claim(1, 6, 50, 0), claim(2, 6, 50, 0), claim(3, 85, 50, 0))).containsExactly(3, 3, 50);
		assertThat(shares(claim(1, 6, 50, 0), claim(2, 6, 2, 0), claim(3, 85, 500, 0))).containsExactly(4, 2, 79);
	}

	@Example
	void narrowMemberHasNoMoreThanItsFairShare() {
		assertThat(shares(claim(1, 80, 90, 0), claim(2, 90, 90, 0), claim(3, 90, 90, 0))).containsExactly(30, 30, 30);
	}

	@Example
	void levelRisesOnForThoseWithHigherLimits() {
		assertThat(shares(claim(1, 4, 99, 0), claim(2, 4, 99, 0), claim(3, 12, 99, 0), claim(4, 12, 99, 0),
				claim(5, 40, 99, 0)))
			.containsExactly(2, 2, 4, 4, 28);
	}

	@Example
	void whatIsSureIsBoundByEveryLimitFromItsOwnOn() {
		assertThat(FairShare
			.guaranteed(List.of(claim(1, 80, 50, 10), claim(2, 85, 50, 10), claim(3, 85, 50, 10), claim(4, 9, 50, 10))))
			.containsExactly(11, 11, 11, 9);
		List<Claim> many = new ArrayList<>(List.of(claim(1, 80, 50, 10)));
		IntStream.rangeClosed(2, 42).forEach((member) -> many.add(claim(member, 85, 50, 10)));
		assertThat(FairShare.guaranteed(many)).containsOnly(2);
	}

	@Example
	void whoDoesNotFitWithinItsLimitTakesNothingFromOthers() {
		assertThat(shares(claim(1, 3, 9, 0), claim(2, 3, 9, 0), claim(3, 10, 9, 0))).containsExactly(3, 0, 7);
	}

	@Example
	void slotsInUseThatNobodyOwnsAreNoneOfTheirs() {
		List<Claim> claims = List.of(claim(1, 6, 50, 0), claim(2, 20, 50, 0));
		assertThat(FairShare.shares((limit) -> limit - Math.min(limit, 2), claims)).containsExactly(4, 14);
	}

	@Property
	void withinEachLimitTheSharesNeverExceedIt(@ForAll("claims") List<Claim> claims) {
		int[] shares = FairShare.shares((limit) -> limit, claims);
		for (Claim limit : claims) {
			int sum = IntStream.range(0, shares.length)
				.filter((i) -> claims.get(i).slots() <= limit.slots())
				.map((i) -> shares[i])
				.sum();
			assertThat(sum).isLessThanOrEqualTo(limit.slots());
		}
	}

	@Property
	void whatIsSureIsKeptWheneverAllFit(@ForAll("free") List<Claim> claims) {
		int[] shares = FairShare.shares((limit) -> limit, claims);
		if (allFit(claims)) {
			int[] sure = FairShare.guaranteed(claims);
			for (int i = 0; i < shares.length; i++) {
				assertThat(shares[i]).isGreaterThanOrEqualTo(sure[i]);
			}
		}
		assertThat(shares).doesNotContain(1);
	}

	@Property
	void nothingIsLeftThatSomebodyCouldUse(@ForAll("free") List<Claim> claims) {
		int[] shares = FairShare.shares((limit) -> limit, claims);
		for (int i = 0; i < shares.length && allFit(claims); i++) {
			Claim poor = claims.get(i);
			boolean full = claims.stream()
				.mapToInt(Claim::slots)
				.filter((limit) -> limit >= poor.slots())
				.anyMatch((limit) -> IntStream.range(0, shares.length)
					.filter((other) -> claims.get(other).slots() <= limit)
					.map((other) -> shares[other])
					.sum() == limit);
			assertThat(shares[i] >= poor.demand().slots() || full).isTrue();
		}
	}

	/** What members are sure of aside, which is less where they are more. */
	@Property
	void oneMemberMoreNeverRaisesAShare(@ForAll("free") List<Claim> sure) {
		List<Claim> claims = sure.stream()
			.map((claim) -> new Claim(claim.member(), claim.slots(), claim.demand(), 0, 0, claim.paid(), false))
			.toList();
		if (allFit(claims)) {
			int[] shares = FairShare.shares((limit) -> limit, claims);
			int[] before = FairShare.shares((limit) -> limit, claims.subList(1, claims.size()));
			for (int i = 0; i < before.length; i++) {
				assertThat(shares[i + 1]).isLessThanOrEqualTo(before[i]);
			}
		}
	}

	@Property
	void equalLimitsShareAsOneNumberOfSlotsDoes(@ForAll("claims") List<Claim> claims) {
		int slots = claims.get(0).slots();
		List<Claim> equal = claims.stream()
			.map((claim) -> new Claim(claim.member(), slots, claim.demand(), claim.minimumSize(), claim.held(),
					claim.paid(), claim.fixed()))
			.toList();
		assertThat(FairShare.shares((limit) -> limit, equal)).isEqualTo(OneLevel.shares(slots, equal));
	}

	/** The shares of the builds that knew one number of slots for all, level by level. */
	private static final class OneLevel {

		static int[] shares(int slots, List<Claim> claims) {
			int[] shares = new int[claims.size()];
			List<Integer> order = IntStream.range(0, shares.length)
				.boxed()
				.sorted((one, other) -> compare(claims.get(one), claims.get(other)))
				.toList();
			int left = slots;
			for (int i : order) {
				shares[i] = claims.get(i).fixed() ? Math.min(claims.get(i).held(), left) : 0;
				left -= shares[i];
			}
			List<Integer> open = order.stream().filter((i) -> !claims.get(i).fixed()).limit(left / 2).toList();
			int room = left;
			int[] low = new int[shares.length];
			int[] high = new int[shares.length];
			for (int i : open) {
				low[i] = FairShare.guaranteed(room, open.size(), claims.get(i).minimumSize());
				high[i] = Math.max(low[i], claims.get(i).demand().slots());
				shares[i] = low[i];
				left -= low[i];
			}
			for (int level = 0; left > 0 && level < 200; level++) {
				for (int i : open) {
					if (shares[i] == level && level < high[i] && left > 0) {
						shares[i]++;
						left--;
					}
				}
			}
			return shares;
		}

		private static int compare(Claim one, Claim other) {
			return (one.paid() != other.paid()) ? Boolean.compare(other.paid(), one.paid())
					: Long.compare(one.member(), other.member());
		}

	}

	private static boolean allFit(List<Claim> claims) {
		return claims.stream()
			.allMatch((limit) -> 2 * claims.stream().filter((claim) -> claim.slots() <= limit.slots()).count() <= limit
				.slots());
	}

	@Provide
	Arbitrary<List<Claim>> claims() {
		return claims(true);
	}

	@Provide
	Arbitrary<List<Claim>> free() {
		return claims(false);
	}

	private static Arbitrary<List<Claim>> claims(boolean fixed) {
		Arbitrary<Integer> limit = Arbitraries.of(4, 7, 12, 30, 31, 60, 100);
		Arbitrary<Boolean> flags = Arbitraries.of(true, false);
		Arbitrary<Integer> demand = Arbitraries.integers().between(0, 60);
		Arbitrary<Integer> small = Arbitraries.integers().between(0, 12);
		return Combinators
			.combine(Arbitraries.longs(), limit, demand, small, small, flags, fixed ? flags : Arbitraries.just(false))
			.as((member, slots, wanted, minimum, held, paid, stuck) -> new Claim(member, slots, Demand.of(wanted),
					minimum, held, paid, stuck))
			.list()
			.ofMinSize(2)
			.ofMaxSize(12)
			.uniqueElements(Claim::member);
	}

	private static int[] shares(Claim... claims) {
		return FairShare.shares((limit) -> limit, Arrays.asList(claims));
	}

	private static Claim claim(long member, int slots, int demand, int minimumSize) {
		return new Claim(member, slots, Demand.of(demand), minimumSize, 0, true, false);
	}

}
