package io.poolwise.bench;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

import io.poolwise.budget.Allotment;
import io.poolwise.budget.Budget;
import io.poolwise.budget.BudgetAllocator;
import io.poolwise.budget.Fleet;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.Reserve;
import io.poolwise.budget.ServerLimit;
import io.poolwise.lease.Demand;
import io.poolwise.lease.FairShare;
import io.poolwise.lease.FairShare.Claim;
import io.poolwise.lease.LeaseEvent;

/**
 * A calculation that is measured, for 1,000 instances and 5,000 connections.
 */
public enum Calculation implements Titled {

	/** From the server's limit to the sizes of one instance's pools. */
	ALLOTMENT("from a limit to 3 pools' parts, fixed mode") {

		@Override
		Operation prepare() {
			List<PoolDemand> pools = pools(3);
			Fleet fleet = new Fleet(CrowdedServer.MEMBERS, 250);
			Reserve reserve = Reserve.parse("10%");
			return () -> {
				ServerLimit limit = ServerLimit.ofServer(CrowdedServer.SLOTS, List.of("max_connections"));
				return BudgetAllocator.split(Allotment.of(Budget.of(limit, reserve, BigDecimal.ONE), fleet, 0), pools);
			};
		}

	},

	/** The allocator with many pools that ask for different sizes. */
	SPLIT("5,000 connections split over 1,000 pools") {

		@Override
		Operation prepare() {
			List<PoolDemand> pools = pools(CrowdedServer.MEMBERS);
			return () -> BudgetAllocator.split(CrowdedServer.SLOTS, pools);
		}

	},

	/** Fair shares of members that want different numbers. */
	SHARES("fair shares of 1,000 members") {

		@Override
		Operation prepare() {
			List<Claim> claims = new ArrayList<>();
			for (int i = 0; i < CrowdedServer.MEMBERS; i++) {
				claims.add(new Claim(i + 1, CrowdedServer.SLOTS, Demand.of(2 + i * 37 % 59), 10, CrowdedServer.PART,
						true, false));
			}
			return () -> FairShare.shares(IntUnaryOperator.identity(), claims);
		}

	},

	/** A member's step in which nothing is to do. */
	TICK("lease member: an event with nothing to do") {

		@Override
		Operation prepare() {
			return new CrowdedServer((member) -> CrowdedServer.PART).repeatedAfterSnapshot(new LeaseEvent.Tick());
		}

	},

	/** What the server's rows are made. */
	SNAPSHOT("lease member: the server's answer made a snapshot") {

		@Override
		Operation prepare() {
			return new CrowdedServer((member) -> CrowdedServer.PART)::snapshot;
		}

	},

	/** A member's step when the fleet is in balance. */
	BALANCED("lease member: a snapshot of a fleet in balance") {

		@Override
		Operation prepare() {
			return onSnapshot(new CrowdedServer((member) -> CrowdedServer.PART));
		}

	},

	/** A member's step when others starve and it has to give. */
	STARVING("lease member: a snapshot in which half of the fleet starves") {

		@Override
		Operation prepare() {
			return onSnapshot(new CrowdedServer((member) -> (member % 2 == 0) ? 2 * CrowdedServer.PART - 2 : 2));
		}

	},

	/** A member's step when there is much to take. */
	FREE("lease member: a snapshot in which 3,000 slots are free") {

		@Override
		Operation prepare() {
			return onSnapshot(new CrowdedServer((member) -> 2));
		}

	};

	private final String title;

	Calculation(String title) {
		this.title = title;
	}

	@Override
	public String title() {
		return this.title;
	}

	/**
	 * Makes what the calculation needs.
	 */
	abstract Operation prepare();

	private static Operation onSnapshot(CrowdedServer server) {
		return server.repeated(server.arrived());
	}

	private static List<PoolDemand> pools(int count) {
		return IntStream.range(0, count).mapToObj((i) -> new PoolDemand("pool-" + i, 2, 10 + i * 37 % 91, 0)).toList();
	}

}
