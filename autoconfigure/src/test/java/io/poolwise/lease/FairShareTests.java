package io.poolwise.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

import io.poolwise.lease.FairShare.Claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FairShareTests {

	/** A limit that only the slots of the fleet bound. */
	private static final int ANY = Integer.MAX_VALUE;

	@Example
	void exampleOfTheDocumentation() {
		List<Claim> claims = List.of(claim(1, 10, 4), claim(2, 60, 4), claim(3, 90, 4));
		assertThat(shares(100, claims)).containsExactly(10, 45, 45);
	}

	@Example
	void guaranteedMinimum() {
		assertThat(FairShare.guaranteed(100, 4, 10)).isEqualTo(11);
		assertThat(FairShare.guaranteed(100, 12, 10)).isEqualTo(8);
		assertThat(FairShare.guaranteed(100, 80, 10)).isEqualTo(2);
		assertThat(FairShare.guaranteed(100, 4, 0)).isEqualTo(2);
		assertThatIllegalArgumentException().isThrownBy(() -> FairShare.guaranteed(100, 0, 10));
	}

	@Example
	void equalDemandGetsEqualSharesAndTheRemainderGoesByOrder() {
		List<Claim> claims = List.of(claim(3, 50, 0), claim(1, 50, 0), claim(2, 50, 0));
		assertThat(shares(11, claims)).containsExactly(3, 4, 4);
	}

	@Example
	void whatNobodyWantsStaysFree() {
		assertThat(shares(100, List.of(claim(1, 7, 0), claim(2, 9, 0)))).containsExactly(7, 9);
	}

	@Example
	void idleMemberKeepsItsGuaranteedMinimumWhileAnotherBorrowsTheRest() {
		assertThat(shares(94, List.of(claim(1, 1, 10), claim(2, 500, 10)))).containsExactly(11, 83);
	}

	@Example
	void whoWorksComesBeforeWhoJoinsWhenNotAllFit() {
		Claim joiner = new Claim(1, ANY, Demand.of(9), 0, 0, false, false);
		Claim worker = new Claim(2, ANY, Demand.of(9), 0, 3, true, false);
		assertThat(shares(3, List.of(joiner, worker))).containsExactly(0, 3);
	}

	@Example
	void fixedMemberKeepsWhatItHoldsAndTheOthersShareTheRest() {
		Claim stuck = new Claim(1, ANY, Demand.of(20), 0, 80, true, true);
		assertThat(shares(100, List.of(stuck, claim(2, 50, 0), claim(3, 50, 0)))).containsExactly(80, 10, 10);
	}

	@Example
	void noSlotsOrNoMembers() {
		assertThat(shares(0, List.of(claim(1, 5, 0)))).containsExactly(0);
		assertThat(shares(1, List.of(claim(1, 5, 0)))).containsExactly(0);
		assertThat(shares(5, List.of())).isEmpty();
		assertThatIllegalArgumentException().isThrownBy(() -> new Claim(1, -1, Demand.of(3), 0, 0, true, false));
		assertThatIllegalArgumentException().isThrownBy(() -> claim(1, -1, 0));
	}

	@Property
	void whatIsUsedOrGuaranteedIsDueUpToTheShareAndHeadroomOnlyWhereThereIsPlenty(@ForAll("claims") List<Claim> claims,
			@ForAll @IntRange(max = 300) int slots) {
		int[] shares = shares(slots, claims);
		int[] due = FairShare.due(within(slots, claims), shares, false);
		for (int i = 0; i < shares.length; i++) {
			Claim claim = claims.get(i);
			int sure = FairShare.guaranteed(slots, shares.length, claim.minimumSize());
			assertThat(due[i]).isEqualTo(Math.min(shares[i], Math.max(claim.demand().used(), sure)));
		}
		assertThat(FairShare.due(within(slots, claims), shares, true)).isEqualTo(shares);
	}

	@Example
	void plentyIsMoreThanTwiceWhatCouldBeUsed() {
		assertThat(FairShare.plenty(new Claim(1, 80, new Demand(20, 16), 10, 41, true, false), 11)).isTrue();
		assertThat(FairShare.plenty(new Claim(1, 80, new Demand(20, 16), 10, 40, true, false), 11)).isFalse();
		assertThat(FairShare.plenty(new Claim(1, 80, new Demand(3, 2), 10, 22, true, false), 11)).isFalse();
		assertThat(FairShare.plenty(new Claim(1, 80, new Demand(3, 2), 10, 23, true, false), 11)).isTrue();
		assertThat(FairShare.plenty(new Claim(1, 80, new Demand(3, 2), 10, 60, true, true), 11)).isFalse();
	}

	@Property
	void sumNeverExceedsTheSlotsAndNoShareItsClaim(@ForAll("claims") List<Claim> claims,
			@ForAll @IntRange(max = 300) int slots) {
		int[] shares = shares(slots, claims);
		assertThat(IntStream.of(shares).sum()).isLessThanOrEqualTo(slots);
		for (int i = 0; i < shares.length; i++) {
			Claim claim = claims.get(i);
			int most = Math.max(claim.demand().slots(), Math.max(claim.minimumSize() + 1, FairShare.LEAST));
			assertThat(shares[i]).isBetween(0, claim.fixed() ? claim.held() : most);
		}
	}

	@Property
	void guaranteedMinimumIsKeptWheneverAllFit(@ForAll("free") List<Claim> claims,
			@ForAll @IntRange(max = 300) int slots) {
		int[] shares = shares(slots, claims);
		if (slots >= FairShare.LEAST * claims.size()) {
			for (int i = 0; i < shares.length; i++) {
				int least = FairShare.guaranteed(slots, claims.size(), claims.get(i).minimumSize());
				assertThat(shares[i]).isGreaterThanOrEqualTo(least);
			}
		}
		else {
			assertThat(Arrays.stream(shares).filter((share) -> share >= FairShare.LEAST).count())
				.isEqualTo(slots / FairShare.LEAST);
			assertThat(shares).doesNotContain(1);
		}
	}

	@Property
	void nothingIsLeftWhileSomebodyWantsMore(@ForAll("free") List<Claim> claims,
			@ForAll @IntRange(min = 60, max = 300) int slots) {
		int[] shares = shares(slots, claims);
		boolean wanting = IntStream.range(0, shares.length).anyMatch((i) -> shares[i] < claims.get(i).demand().slots());
		assertThat(!wanting || IntStream.of(shares).sum() == slots).isTrue();
	}

	@Property
	void nobodyGetsMoreThanSomebodyWhoWantsMoreExceptByTheMinimum(@ForAll("free") List<Claim> claims,
			@ForAll @IntRange(min = 60, max = 300) int slots) {
		int[] shares = shares(slots, claims);
		for (int poor = 0; poor < shares.length; poor++) {
			for (int rich = 0; rich < shares.length; rich++) {
				int least = FairShare.guaranteed(slots, claims.size(), claims.get(rich).minimumSize());
				if (shares[poor] < claims.get(poor).demand().slots()) {
					assertThat(shares[rich]).isLessThanOrEqualTo(Math.max(least, shares[poor] + 1));
				}
			}
		}
	}

	@Property
	void wantingMoreNeverGetsLess(@ForAll("claims") List<Claim> claims, @ForAll @IntRange(max = 300) int slots,
			@ForAll @IntRange(min = 1, max = 50) int more, @ForAll Random random) {
		int who = random.nextInt(claims.size());
		List<Claim> raised = new ArrayList<>(claims);
		Claim claim = claims.get(who);
		raised.set(who, new Claim(claim.member(), claim.slots(), Demand.of(claim.demand().slots() + more),
				claim.minimumSize(), claim.held(), claim.paid(), claim.fixed()));
		int[] before = shares(slots, claims);
		int[] after = shares(slots, raised);
		assertThat(after[who]).isGreaterThanOrEqualTo(before[who]);
		for (int i = 0; i < before.length; i++) {
			assertThat(i == who || after[i] <= before[i]).isTrue();
		}
	}

	@Property
	void orderOfTheClaimsDoesNotMatter(@ForAll("claims") List<Claim> claims, @ForAll @IntRange(max = 300) int slots,
			@ForAll Random random) {
		List<Claim> shuffled = new ArrayList<>(claims);
		Collections.shuffle(shuffled, random);
		int[] shares = shares(slots, claims);
		int[] again = shares(slots, shuffled);
		for (int i = 0; i < shares.length; i++) {
			assertThat(again[shuffled.indexOf(claims.get(i))]).isEqualTo(shares[i]);
		}
	}

	@Example
	void thousandMembersShareFiveThousandSlotsInMilliseconds() {
		Random random = new Random(1);
		List<Claim> claims = new ArrayList<>();
		for (int i = 1; i <= 1000; i++) {
			claims.add(claim(i, random.nextInt(40), 3));
		}
		int rounds = 200;
		long start = System.nanoTime();
		for (int i = 0; i < rounds; i++) {
			assertThat(IntStream.of(shares(5000, claims)).sum()).isLessThanOrEqualTo(5000);
		}
		assertThat(Duration.ofNanos((System.nanoTime() - start) / rounds)).isLessThan(Duration.ofMillis(50));
	}

	@Provide
	Arbitrary<List<Claim>> claims() {
		return claims(true);
	}

	@Provide
	Arbitrary<List<Claim>> free() {
		return claims(false);
	}

	private Arbitrary<List<Claim>> claims(boolean fixed) {
		Arbitrary<Demand> demand = Arbitraries.integers()
			.between(0, 120)
			.flatMap((slots) -> Arbitraries.integers().between(0, slots).map((used) -> new Demand(slots, used)));
		Arbitrary<Integer> small = Arbitraries.integers().between(0, 30);
		Arbitrary<Boolean> flags = Arbitraries.of(true, false);
		Arbitrary<Boolean> stuck = fixed ? Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true))
				: Arbitraries.just(false);
		Arbitrary<Claim> claim = Combinators
			.combine(Arbitraries.longs(), Arbitraries.just(ANY), demand, small, small, flags, stuck)
			.as(Claim::new);
		return claim.list().ofMinSize(1).ofMaxSize(30).uniqueElements(Claim::member);
	}

	private static int[] shares(int slots, List<Claim> claims) {
		return FairShare.shares((limit) -> limit, within(slots, claims));
	}

	private static List<Claim> within(int slots, List<Claim> claims) {
		return claims.stream().map((claim) -> limited(claim, Math.min(slots, claim.slots()))).toList();
	}

	private static Claim limited(Claim claim, int slots) {
		return new Claim(claim.member(), slots, claim.demand(), claim.minimumSize(), claim.held(), claim.paid(),
				claim.fixed());
	}

	private static Claim claim(long member, int demand, int minimumSize) {
		return new Claim(member, ANY, Demand.of(demand), minimumSize, 0, true, false);
	}

}
