package io.poolwise.actuate;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.pool.ManagedPool;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.ServerProbe;

/**
 * A pool that is as a test says it is.
 */
final class StubPool implements ManagedPool, LimitSource {

	private final String name;

	private final PoolKind kind;

	private final LimitReading reading;

	private volatile PoolSize target = PoolSize.of(0, 1);

	volatile PoolCounts counts = PoolCounts.EMPTY;

	volatile PoolConnects connects = PoolConnects.NONE;

	volatile OptionalInt serverConnections = OptionalInt.empty();

	volatile ServerProbe probe = new ServerProbe.Answered(Duration.ofMillis(3));

	volatile PoolTrouble trouble = PoolTrouble.NONE;

	volatile long recycled;

	volatile String libraryName;

	StubPool(String name, PoolKind kind, LimitReading reading) {
		this.name = name;
		this.kind = kind;
		this.reading = reading;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Optional<String> libraryName() {
		return Optional.ofNullable(this.libraryName);
	}

	@Override
	public PoolKind kind() {
		return this.kind;
	}

	@Override
	public PoolCounts counts() {
		return this.counts;
	}

	@Override
	public PoolConnects connects() {
		return this.connects;
	}

	@Override
	public OptionalInt serverConnections(Duration timeout) {
		return this.serverConnections;
	}

	@Override
	public PoolSize target() {
		return this.target;
	}

	@Override
	public void resize(PoolSize target) {
		this.target = target;
	}

	@Override
	public ServerProbe probe(Duration timeout) {
		return this.probe;
	}

	@Override
	public Optional<String> connectFailure() {
		return Optional.empty();
	}

	@Override
	public PoolTrouble trouble() {
		return this.trouble;
	}

	@Override
	public long recycled() {
		return this.recycled;
	}

	@Override
	public LimitReading read() {
		return this.reading;
	}

	@Override
	public void onDoubt(Runnable action) {
	}

}
