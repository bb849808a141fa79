package io.poolwise.pool.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.poolwise.pool.ConnectTally;
import io.poolwise.pool.PoolConnects;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolTrouble;
import io.poolwise.pool.RetryHint;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpTimeoutException;

/**
 * The channels of one connection factory and of its publisher factory, over all their
 * connections: one gate, and the way for a waiting caller to a channel that comes idle in
 * the cache of a connection. Safe for any thread.
 */
final class ChannelPool {

	/**
	 * How long a waiting caller trusts that it is told of idle channels. Spring's cache
	 * tells of a return through a method that it need not call for ever.
	 */
	private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(50);

	private final String name;

	private final ChannelGate gate;

	private final IdleChannels idle;

	private final ReturnTasks returnTasks = new ReturnTasks();

	private final LongSupplier nanos;

	private final Set<GatedConnection> connections = ConcurrentHashMap.newKeySet();

	// connects and closes under way, during which Spring holds the lock of its counters
	private final AtomicInteger quiet = new AtomicInteger();

	private final List<Runnable> whenConnected = new CopyOnWriteArrayList<>();

	private volatile @Nullable String connectFailure;

	private volatile Duration acquireTimeout;

	private volatile int maxPending;

	private final ConnectTally connects = new ConnectTally();

	private final LongAdder returns = new LongAdder();

	private final LongAdder refusals = new LongAdder();

	private final LongAdder timeouts = new LongAdder();

	private final RetryHint retryHint;

	private volatile long lastUse;

	private volatile boolean used;

	ChannelPool(String name, int limit, Duration acquireTimeout, IdleChannels idle, LongSupplier nanos) {
		this.name = name;
		this.gate = new ChannelGate(limit, nanos);
		this.acquireTimeout = acquireTimeout;
		this.idle = idle;
		this.nanos = nanos;
		this.retryHint = new RetryHint(this.returns::sum, nanos);
	}

	ChannelGate gate() {
		return this.gate;
	}

	IdleChannels idle() {
		return this.idle;
	}

	ReturnTasks returnTasks() {
		return this.returnTasks;
	}

	Set<GatedConnection> connections() {
		return this.connections;
	}

	/**
	 * One of the connections that are open.
	 * @return the physical connection, or null if there is none
	 */
	@Nullable Connection openConnection() {
		for (GatedConnection connection : this.connections) {
			if (connection.isOpen()) {
				return connection.physical();
			}
		}
		return null;
	}

	void acquireTimeout(Duration acquireTimeout) {
		this.acquireTimeout = acquireTimeout;
	}

	/**
	 * Bounds how many callers may wait.
	 * @param maxPending how many, 0 for any number
	 */
	void maxPending(int maxPending) {
		this.maxPending = maxPending;
	}

	PoolTrouble trouble() {
		return new PoolTrouble(this.refusals.sum(), this.timeouts.sum(), null);
	}

	/**
	 * Names what to do when a connection was opened.
	 * @param action called on a thread of the pool's own
	 */
	void whenConnected(Runnable action) {
		this.whenConnected.add(action);
	}

	PoolConnects connects() {
		return this.connects.connects();
	}

	void opened(GatedConnection connection) {
		this.connects.made();
		this.connectFailure = null;
		this.connections.add(connection);
		this.whenConnected.forEach(this.idle::execute);
	}

	void connectFailed(Exception failure) {
		this.connects.failed();
		this.connectFailure = Failures.describe(failure);
	}

	/**
	 * Why the last attempt to connect failed.
	 * @return one line, or null if it did not
	 */
	@Nullable String connectFailure() {
		return this.connectFailure;
	}

	void closed(GatedConnection connection) {
		this.connections.remove(connection);
	}

	/**
	 * Gives the caller a channel: a new one, or one that comes idle while it waits.
	 * @param connection where it is wanted
	 * @param opener opens a channel for which a permit was taken; gives the permit back
	 * if it can't
	 * @return the channel
	 * @throws IOException when the broker or the network failed
	 * @throws AmqpTimeoutException when no channel could be had in time, or the caller
	 * would have been one too many to wait
	 */
	Channel channel(GatedConnection connection, Opener opener) throws IOException {
		this.returnTasks.refuse();
		boolean impatient = this.idle.refuseWhileLooking();
		Channel channel = this.gate.tryEnter() ? opener.open() : null;
		if (channel != null) {
			return channel;
		}
		if (impatient) {
			throw this.idle.nothingFree();
		}
		try {
			return waitForChannel(connection, opener);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AmqpTimeoutException("Interrupted while waiting for a channel of pool '" + this.name + "'", ex);
		}
	}

	private Channel waitForChannel(GatedConnection connection, Opener opener) throws IOException, InterruptedException {
		long deadline = this.nanos.getAsLong() + this.acquireTimeout.toNanos();
		boolean full = false;
		while (true) {
			try (ChannelGate.Waiter waiter = this.gate.join(connection.factory().place(connection), this.maxPending)) {
				if (waiter == null) {
					return idleOrRefuse(connection);
				}
				Channel channel = waitInLine(connection, opener, waiter, full ? LOOK_AGAIN : 0, deadline);
				if (channel != null) {
					return channel;
				}
			}
			// a permit is of no use while the connection carries no more channels
			full = true;
		}
	}

	private Channel idleOrRefuse(GatedConnection connection) {
		Channel found = this.idle.find(connection, this);
		if (found != null) {
			return found;
		}
		this.refusals.increment();
		throw new RabbitPoolSaturatedException(shortage(), this.maxPending);
	}

	/**
	 * Waits for a permit or an idle channel.
	 * @return the channel, or null if there was a permit and the connection carries no
	 * more channels
	 */
	private @Nullable Channel waitInLine(GatedConnection connection, Opener opener, ChannelGate.Waiter waiter,
			long atLeast, long deadline) throws IOException, InterruptedException {
		long notBefore = this.nanos.getAsLong() + atLeast;
		while (true) {
			long now = this.nanos.getAsLong();
			if (now >= notBefore && waiter.enter()) {
				return opener.open();
			}
			Channel found = this.idle.find(connection, this);
			if (found != null) {
				return found;
			}
			if (!connection.isOpen()) {
				throw new AlreadyClosedException(connection.physical().getCloseReason());
			}
			if (now >= deadline) {
				throw exhausted(connection, atLeast > 0);
			}
			waiter.await(Math.min(deadline - now, LOOK_AGAIN));
		}
	}

	private PoolShortage shortage() {
		int open = this.gate.open();
		int pending = this.gate.pending();
		// whoever is told this has found no idle channel
		return new PoolShortage(this.name, new PoolCounts(open, 0, open, pending), this.gate.limit(),
				this.retryHint.after(pending, this.acquireTimeout));
	}

	private AmqpTimeoutException exhausted(GatedConnection connection, boolean connectionFull) {
		this.timeouts.increment();
		String state = "Pool '%s' had no channel free for %d ms: %d of %d are open, %d callers wait. ".formatted(
				this.name, this.acquireTimeout.toMillis(), this.gate.open(), this.gate.limit(), this.gate.pending());
		return new RabbitPoolExhaustedException(shortage(), state + (connectionFull
				? "The broker grants %d channels a connection, listeners have %d: lower pool.rabbit.max-size or their concurrency"
					.formatted(connection.physical().getChannelMax(), this.gate.listeners())
				: "Publish less at a time, or raise pool.rabbit.max-size or pool.rabbit.acquire-timeout"));
	}

	/**
	 * Channels that are closed and still count.
	 * @return how many, at least 0
	 */
	int cooling() {
		return this.connections.stream().mapToInt(GatedConnection::cooling).sum();
	}

	/**
	 * Hears that a channel goes back to the cache.
	 * @param place where
	 * @return how many idle channels the cache may hold with it
	 */
	int returning(@Nullable Object place) {
		this.lastUse = this.nanos.getAsLong();
		this.used = true;
		this.returns.increment();
		return this.gate.retireReturning(place) ? 0 : this.gate.limit();
	}

	/**
	 * Whether no channel may be opened at present.
	 */
	boolean isFull() {
		return this.gate.open() >= this.gate.limit();
	}

	/**
	 * The time since a channel came back.
	 * @return the time, or null if none has come back yet
	 */
	@Nullable Duration sinceLastUse() {
		return this.used ? Duration.ofNanos(this.nanos.getAsLong() - this.lastUse) : null;
	}

	/**
	 * Says that a connect or a close begins, during which Spring's own counters can't be
	 * read.
	 */
	void quietBegins() {
		this.quiet.incrementAndGet();
	}

	void quietEnds() {
		this.quiet.decrementAndGet();
	}

	boolean isQuiet() {
		return this.quiet.get() > 0;
	}

	/**
	 * Opens a channel.
	 */
	interface Opener {

		@Nullable Channel open() throws IOException;

	}

}
