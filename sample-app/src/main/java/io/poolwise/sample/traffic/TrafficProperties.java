package io.poolwise.sample.traffic;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the built-in traffic.
 *
 * @param enabled whether users come as soon as the application has started
 * @param users how many come then
 * @param thinkTime how long a user waits between two requests, on average
 * @param maxUsers how many there may ever be
 * @param timeout how long a user waits for an answer
 */
@ConfigurationProperties("sample.traffic")
public record TrafficProperties(@DefaultValue("false") boolean enabled, @DefaultValue("20") int users,
		@DefaultValue("500ms") Duration thinkTime, @DefaultValue("1000") int maxUsers,
		@DefaultValue("30s") Duration timeout) {

	public TrafficProperties {
		if (maxUsers < 1) {
			throw new IllegalArgumentException("sample.traffic.max-users must be at least 1, not " + maxUsers);
		}
		if (users < 0 || users > maxUsers) {
			throw new IllegalArgumentException(
					"sample.traffic.users must be 0 to sample.traffic.max-users (" + maxUsers + "), not " + users);
		}
		if (thinkTime.isNegative()) {
			throw new IllegalArgumentException("sample.traffic.think-time must not be negative: " + thinkTime);
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("sample.traffic.timeout must be positive: " + timeout);
		}
	}

}
