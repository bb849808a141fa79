package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import io.poolwise.budget.ChannelAllotment;
import io.poolwise.budget.ChannelLimits;
import io.poolwise.budget.LimitReading;
import io.poolwise.budget.LimitSource;
import io.poolwise.budget.ServerIdentity;
import io.poolwise.budget.ServerLimit;
import io.poolwise.pool.rabbit.RabbitReading;
import org.jspecify.annotations.Nullable;

/**
 * A broker's limits as the governor sees them: what the fleet shares is the user's limit
 * of channels. What one connection carries is not shared; it bounds what is asked for.
 */
final class RabbitLimitSource implements LimitSource {

	// as long as a local broker under load may need; a publisher would wait longer
	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final Function<Duration, RabbitReading> reader;

	private final Consumer<Runnable> onConnect;

	private @Nullable RabbitReading unread;

	private volatile RabbitReading last;

	/**
	 * Creates a source, and reads for the first time.
	 * @param reader reads the limits within a time
	 * @param onConnect takes what is to be called after each connect
	 */
	RabbitLimitSource(Function<Duration, RabbitReading> reader, Consumer<Runnable> onConnect) {
		this.reader = reader;
		this.onConnect = onConnect;
		this.last = reader.apply(TIMEOUT);
		this.unread = this.last;
	}

	/**
	 * The most channels that the publishers of one connection can have.
	 * @param listeners channels that listener containers need on the connection
	 * @return the channels with the reasons, or null if it isn't known
	 */
	@Nullable ChannelAllotment perConnection(int listeners) {
		return (this.last instanceof RabbitReading.Limits limits)
				? new ChannelLimits(limits.channelMax(), listeners, null, null).allot(null) : null;
	}

	/**
	 * What pools that share a limit have in common.
	 * @return the identity, or null if it isn't known
	 */
	@Nullable ServerIdentity identity() {
		return (this.last instanceof RabbitReading.Limits limits) ? identity(limits) : null;
	}

	/**
	 * Whether the fleet shares a limit that the broker told of.
	 */
	boolean isShared() {
		return this.last instanceof RabbitReading.Limits limits && limits.userChannels() != null;
	}

	private static ServerIdentity identity(RabbitReading.Limits limits) {
		return new ServerIdentity(limits.broker() + " user " + limits.user());
	}

	@Override
	public synchronized LimitReading read() {
		RabbitReading reading = this.unread;
		this.unread = null;
		if (reading == null) {
			reading = this.reader.apply(TIMEOUT);
			this.last = (reading instanceof RabbitReading.Limits) ? reading : this.last;
		}
		return mapped(reading);
	}

	private static LimitReading mapped(RabbitReading reading) {
		if (reading instanceof RabbitReading.Limits limits) {
			ServerLimit shared = new ChannelLimits(limits.channelMax(), 0, limits.userChannels(), null).sharedLimit();
			return (shared != null) ? new LimitReading.Granted(identity(limits), shared)
					: new LimitReading.Unlimited(identity(limits), limits.product());
		}
		return new LimitReading.Unavailable(((RabbitReading.Unavailable) reading).reason());
	}

	@Override
	public void onDoubt(Runnable action) {
		this.onConnect.accept(action);
	}

}
