package io.poolwise.budget;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a RabbitMQ broker says about the channels of one connection, its user and its
 * virtual host.
 *
 * @param channelMax the negotiated {@code channel_max} of one connection; 0 for no limit,
 * which AMQP 0-9-1 numbers in 16 bits and so is 65535
 * @param listenerChannels the channels of the connection that listener containers hold, 0
 * or more
 * @param userLimit the user's {@code max-channels} over the whole broker, 0 or more; null
 * for none, or if it isn't known
 * @param vhostLimit the virtual host's limit of channels, 0 or more; null for none, or if
 * it isn't known
 */
public record ChannelLimits(int channelMax, int listenerChannels, @Nullable Integer userLimit,
		@Nullable Integer vhostLimit) {

	private static final int PROTOCOL_MAX = 65535;

	public ChannelLimits {
		if (channelMax < 0 || channelMax > PROTOCOL_MAX) {
			throw new IllegalArgumentException(
					"channel_max must be from 0 to " + PROTOCOL_MAX + ", but was " + channelMax);
		}
		Numbers.requireAtLeast(0, listenerChannels, "Listener channels");
		if (userLimit != null) {
			Numbers.requireAtLeast(0, userLimit, "The user's limit of channels");
		}
		if (vhostLimit != null) {
			Numbers.requireAtLeast(0, vhostLimit, "The virtual host's limit of channels");
		}
	}

	/**
	 * Returns the limit that all instances share: the lesser of the user's and the
	 * virtual host's.
	 * @return the shared limit in channels, or null if there is none
	 */
	public @Nullable ServerLimit sharedLimit() {
		List<String> reasons = new ArrayList<>();
		int shared = Integer.MAX_VALUE;
		if (this.userLimit != null) {
			reasons.add("RabbitMQ: the user may open " + this.userLimit + " channels");
			shared = this.userLimit;
		}
		if (this.vhostLimit != null) {
			reasons.add("RabbitMQ: the virtual host may open " + this.vhostLimit + " channels");
			shared = Math.min(shared, this.vhostLimit);
		}
		return reasons.isEmpty() ? null : ServerLimit.ofServer(shared, reasons);
	}

	/**
	 * Returns how many channels a pool of one instance may have: the lesser of
	 * {@code channel_max} less the listener channels, which is a matter of one connection
	 * and not divided by the fleet, and the instance's allotment of the shared budget, if
	 * there is one.
	 * @param shared what the instance may open of a limit that the fleet shares, or null
	 * if there is no such limit
	 * @return the most channels, with the reasons
	 */
	public ChannelAllotment allot(@Nullable Allotment shared) {
		List<String> reasons = new ArrayList<>();
		int max = (this.channelMax != 0) ? this.channelMax : PROTOCOL_MAX;
		int perConnection = Math.max(0, max - this.listenerChannels);
		reasons.add("RabbitMQ: channel_max " + max + " of a connection - " + this.listenerChannels + " of listeners = "
				+ perConnection);
		if (shared == null) {
			return new ChannelAllotment(perConnection, null, reasons);
		}
		reasons.addAll(shared.reasons());
		int channels = Math.min(perConnection, shared.connections());
		reasons.add("channels: the lesser of " + perConnection + " and " + shared.connections() + " = " + channels);
		return new ChannelAllotment(channels, shared, reasons);
	}

	/**
	 * Returns how many channels a pool of one instance may have, with the user's or the
	 * virtual host's limit as the budget that the fleet shares.
	 * <p>
	 * Example: a {@code channel_max} of 2047 less 7 of listeners is 2040; a user limit of
	 * 100 less a reserve of 10 % is a budget of 90, over a peak of 4 it is 22: so 22.
	 * @param reserve what is left of the shared limit for others
	 * @param share the application's part of the rest, above 0 and at most 1
	 * @param fleet how many instances share it
	 * @return the most channels, with the reasons
	 * @throws IllegalArgumentException if the share is out of range
	 */
	public ChannelAllotment allot(Reserve reserve, BigDecimal share, Fleet fleet) {
		ServerLimit limit = sharedLimit();
		return allot((limit != null) ? Allotment.of(Budget.of(limit, reserve, share), fleet, 0) : null);
	}

}
