package io.poolwise.budget;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How many channels the pool of one instance may have on one RabbitMQ connection.
 *
 * @param channels the most channels, 0 or more; 0 means that the limits are too small
 * @param shared the instance's part of a limit that the fleet shares, or null if there is
 * no such limit
 * @param reasons how the number was derived, in order
 */
public record ChannelAllotment(int channels, @Nullable Allotment shared, List<String> reasons) {

	public ChannelAllotment {
		Numbers.requireAtLeast(0, channels, "An allotment of channels");
		reasons = List.copyOf(reasons);
	}

}
