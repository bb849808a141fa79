package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;

/**
 * Spring AMQP's own limit of channels: the channel cache size, while a checkout timeout
 * is set. A channel that is used after its connection was lost never gives its permit
 * back, and a size that changes doesn't change the permits: so these are set anew after
 * each connect, and after each change, by what is in use then.
 */
final class ChannelLimit {

	/**
	 * Until then, most borrowers of a lost connection have given their channels back.
	 */
	private static final long SETTLED = 1;

	private static final int LOOKS = 10;

	private static final long LOOK_NANOS = 10_000_000;

	private final CachingConnectionFactory factory;

	private final long timeout;

	private final ChannelCounter counter;

	private final CheckoutPermits permits;

	private final AtomicInteger requests = new AtomicInteger();

	private volatile int limit;

	/**
	 * Creates a limit that is not set yet.
	 * @param factory the factory
	 * @param timeout how long a borrower waits, 0 to bound idle channels only
	 * @param counter counts the factory's channels
	 * @param executor begins what follows, and waits for nothing
	 */
	ChannelLimit(CachingConnectionFactory factory, Duration timeout, ChannelCounter counter,
			ScheduledExecutorService executor) {
		this.factory = factory;
		this.timeout = timeout.toMillis();
		this.counter = counter;
		this.permits = new CheckoutPermits(factory);
		if (this.timeout > 0) {
			counter.whenConnected(() -> {
				settleSoon();
				Future<?> unused = executor.schedule(this::settleSoon, SETTLED, TimeUnit.SECONDS);
			});
		}
	}

	/**
	 * Sets the limit. A raise reaches waiting borrowers at once; a lower one is reached
	 * as channels come back.
	 * @param limit the most channels of the factory, at least 1; its publisher factory
	 * has as many of its own
	 */
	void set(int limit) {
		this.limit = limit;
		this.factory.setChannelCacheSize(limit);
		if (isLimit()) {
			this.factory.setChannelCheckoutTimeout(this.timeout);
			settleSoon();
		}
	}

	int get() {
		return this.limit;
	}

	/**
	 * Whether borrowers beyond the limit wait.
	 */
	boolean isLimit() {
		return this.timeout > 0;
	}

	/**
	 * Whether the next borrower would have to wait.
	 */
	boolean isReached(Connection connection) {
		return this.permits.isKnown() ? this.permits.available(connection) == 0 : this.counter.open() >= this.limit;
	}

	/**
	 * Sets the permits anew, on a thread of its own, since counting waits for a connect
	 * that is under way.
	 */
	void settleSoon() {
		if (this.requests.getAndIncrement() == 0) {
			BrokerQuestions.start(this::settleAll);
		}
	}

	private void settleAll() {
		int seen;
		do {
			seen = this.requests.get();
			try {
				settle();
			}
			catch (RuntimeException | Error ex) {
				this.requests.set(0);
				throw ex;
			}
		}
		while (!this.requests.compareAndSet(seen, 0));
	}

	private void settle() {
		if (!this.permits.isKnown()) {
			return;
		}
		for (Connection connection : this.counter.connections()) {
			settle(connection);
		}
	}

	/**
	 * A permit and its channel come and go one after the other, so that a look may be one
	 * off: only what each of several looks says is missing, or too much, is.
	 */
	private void settle(Connection connection) {
		int most = 0;
		int least = Integer.MAX_VALUE;
		for (int look = 0; look < LOOKS && connection.isOpen(); look++) {
			int permits = permits(connection);
			most = Math.max(most, permits);
			least = Math.min(least, permits);
			LockSupport.parkNanos(LOOK_NANOS);
		}
		int limit = this.limit;
		if (connection.isOpen() && most < limit) {
			this.permits.add(connection, limit - most);
		}
		int surplus = least - limit;
		while (surplus > 0 && permits(connection) > limit && this.permits.takeOne(connection)) {
			surplus--;
		}
	}

	/** Those in use, and those to be had. */
	private int permits(Connection connection) {
		return this.permits.available(connection) + this.counter.inUse(connection);
	}

}
