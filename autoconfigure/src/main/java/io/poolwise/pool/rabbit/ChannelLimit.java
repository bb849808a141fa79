package io.poolwise.pool.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.Channel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.RabbitUtils;

/**
 * Spring AMQP's own limit of channels: the channel cache size, while a checkout timeout
 * is set. Its permits are made with the first connection and kept for the life of the
 * factory, and a channel that is used after its connection was lost never gives its
 * permit back, nor does one that the broker ends just while it is given back. So the
 * limit is suspended when a connection ends, and restored a second after the next
 * connect, after a channel that the broker ended, and with a raise. Restoring takes what
 * may be open without permits, and gives it back with the limit on: Spring adds a permit
 * for each, up to the cache size. That may be a few too many: where more channels than
 * the limit are in use, the surplus is taken out of the line of borrowers.
 * <p>
 * What is relied on of {@link CachingConnectionFactory} beyond its documentation is all
 * in this class; {@code ChannelLimitIT} fails if it changes.
 */
final class ChannelLimit {

	private static final Log logger = LogFactory.getLog(ChannelLimit.class);

	/**
	 * Until then, most borrowers of a lost connection have given their channels back.
	 */
	private static final long SETTLED = 1;

	private final CachingConnectionFactory factory;

	private final long timeout;

	private final ChannelCounter counter;

	private final ScheduledExecutorService executor;

	private final AtomicBoolean planned = new AtomicBoolean();

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicBoolean lowering = new AtomicBoolean();

	private volatile boolean suspended;

	private volatile int losses;

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
		this.executor = executor;
		if (this.timeout > 0) {
			counter.whenLost(this::lost);
			counter.whenRefused(this::restoreLater);
			counter.whenConnected(this::connected);
		}
	}

	/**
	 * Sets the limit. A raise reaches waiting borrowers at once; a lower one is reached
	 * as channels come back.
	 * @param limit the most channels of the factory, at least 1; its publisher factory
	 * has as many of its own
	 */
	synchronized void set(int limit) {
		boolean raised = limit > this.limit;
		this.limit = limit;
		this.factory.setChannelCacheSize(limit);
		if (this.timeout == 0) {
			return;
		}
		if (raised && !this.counter.connections().isEmpty()) {
			restoreSoon();
		}
		else if (!this.suspended) {
			this.factory.setChannelCheckoutTimeout(this.timeout);
		}
	}

	int get() {
		return this.limit;
	}

	/**
	 * Whether borrowers beyond the limit ever wait.
	 */
	boolean isLimit() {
		return this.timeout > 0;
	}

	/**
	 * Whether borrowers beyond the limit wait at present.
	 */
	boolean isOn() {
		return this.timeout > 0 && !this.suspended;
	}

	/**
	 * Suspends the limit. Told by each channel of the connection, some of them late.
	 */
	private synchronized void lost() {
		this.losses++;
		off();
		restoreLater();
	}

	private void connected() {
		if (this.suspended) {
			restoreLater();
		}
	}

	private void restoreLater() {
		if (this.planned.compareAndSet(false, true)) {
			Future<?> unused = this.executor.schedule(() -> {
				this.planned.set(false);
				restoreSoon();
			}, SETTLED, TimeUnit.SECONDS);
		}
	}

	/**
	 * Restores on a thread of its own, since a broker may be slow to open channels.
	 */
	private void restoreSoon() {
		if (this.requests.getAndIncrement() == 0) {
			BrokerQuestions.start(this::restoreAll);
		}
	}

	private void restoreAll() {
		int seen = this.requests.get();
		try {
			do {
				seen = this.requests.get();
				restore();
			}
			while (!this.requests.compareAndSet(seen, 0));
		}
		catch (RuntimeException | Error ex) {
			this.requests.set(0);
			throw ex;
		}
	}

	private void restore() {
		int before = off();
		List<Channel> taken = new ArrayList<>();
		try {
			for (Connection connection : this.counter.connections()) {
				// counted each time: a channel that comes back meanwhile leaves no permit
				for (int i = 0; i < this.limit && this.counter.inUse(connection) < this.limit; i++) {
					taken.add(connection.createChannel(false));
				}
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Not as many channels as the limit could be opened: permits may be missing", ex);
		}
		finally {
			on(before);
			taken.forEach(RabbitUtils::closeChannel);
		}
	}

	/**
	 * Takes permits away where there are too many, as a borrower who stands in line. To
	 * be called regularly, and waits for nothing.
	 * @param used channels in use
	 */
	void correct(int used) {
		if (isOn() && used > this.limit && this.lowering.compareAndSet(false, true)) {
			boolean started = false;
			try {
				BrokerQuestions.start(this::lower);
				started = true;
			}
			finally {
				if (!started) {
					this.lowering.set(false);
				}
			}
		}
	}

	private void lower() {
		try {
			for (Connection connection : this.counter.connections()) {
				while (isOn() && this.counter.inUse(connection) > this.limit) {
					lower(connection);
				}
			}
		}
		catch (RuntimeException ex) {
			logger.debug("No channel could be taken out of the line of borrowers", ex);
		}
		finally {
			this.lowering.set(false);
		}
	}

	/** A channel that is given back while the limit is off gives no permit back. */
	private void lower(Connection connection) {
		Channel channel = connection.createChannel(false);
		boolean surplus = isOn() && this.counter.inUse(connection) > this.limit;
		if (surplus) {
			this.factory.setChannelCheckoutTimeout(0);
		}
		try {
			RabbitUtils.closeChannel(channel);
		}
		finally {
			if (surplus && !this.suspended) {
				this.factory.setChannelCheckoutTimeout(this.timeout);
			}
		}
	}

	private synchronized int off() {
		this.suspended = true;
		this.factory.setChannelCheckoutTimeout(0);
		return this.losses;
	}

	private synchronized void on(int before) {
		if (this.losses == before && !this.counter.connections().isEmpty()) {
			this.suspended = false;
			this.factory.setChannelCheckoutTimeout(this.timeout);
		}
	}

}
