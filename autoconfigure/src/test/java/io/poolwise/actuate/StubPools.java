package io.poolwise.actuate;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;

import io.poolwise.budget.Fleet;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.PoolDemand;
import io.poolwise.budget.Reserve;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import io.poolwise.governor.BudgetPolicy;
import io.poolwise.governor.FleetMode;
import io.poolwise.governor.FleetLeases;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.GovernedPool;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolRequest;
import io.poolwise.pool.PoolKind;

/**
 * A real governor of stub pools, each of which asks for 10 to 50 connections.
 */
final class StubPools implements AutoCloseable {

	/**
	 * A server that grants 97 connections.
	 */
	static final LimitReading GRANTED = new LimitReading.Granted(new ServerIdentity("stub"),
			ServerLimit.ofServer(97, List.of("PostgreSQL 18.6: max_connections 100 - 3 reserved for superusers = 97")));

	/**
	 * A server that can't be asked.
	 */
	static final LimitReading UNKNOWN = new LimitReading.Unavailable("connection refused");

	/**
	 * Three instances and one more during an update.
	 */
	static final FleetPolicy THREE = new FleetPolicy(FleetMode.FIXED, new Fleet(3, 1), true);

	private final PoolGovernor governor;

	StubPools(FleetPolicy fleet) {
		this.governor = new PoolGovernor(fleet, FleetLeases.NONE, (kind, present) -> List.of(),
				Executors.newSingleThreadScheduledExecutor(),
				Clock.fixed(Instant.parse("2026-11-21T10:15:30Z"), ZoneOffset.UTC));
	}

	PoolGovernor governor() {
		return this.governor;
	}

	StubPool admit(String name) {
		return admit(name, PoolKind.DATABASE, GRANTED);
	}

	StubPool admit(String name, PoolKind kind, LimitReading reading) {
		StubPool pool = new StubPool(name, kind, reading);
		BudgetPolicy budget = new BudgetPolicy("pool." + kind.id() + ".budget", null, Reserve.parse("10%"),
				BigDecimal.ONE, false);
		this.governor.admit(new GovernedPool(pool, pool, new PoolRequest(new PoolDemand(name, 10, 50, 0), false,
				"pool." + kind.id() + ".max-size", budget, List.of("profile prod: 10 to 50"))));
		return pool;
	}

	@Override
	public void close() {
		this.governor.close();
	}

}
