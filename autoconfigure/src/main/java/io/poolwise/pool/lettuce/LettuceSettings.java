package io.poolwise.pool.lettuce;

import java.time.Duration;

import io.poolwise.pool.PoolSize;

/**
 * What a pool of Redis connections is given.
 *
 * @param size the size to start with
 * @param acquireTimeout how long a caller waits for a connection, above 0
 * @param maxPending callers that may wait for a connection, 0 for any number; the next
 * one is refused at once
 * @param commandTimeout how long a command may take, 0 for ever; commands that block on
 * the server may take the time that they block for and this on top
 * @param maxIdle what comes back beyond so many idle connections is closed, at least 0
 * @param maintenancePeriod the time between two searches for idle connections that are
 * dead or no longer needed, above 0
 */
public record LettuceSettings(PoolSize size, Duration acquireTimeout, int maxPending, Duration commandTimeout,
		int maxIdle, Duration maintenancePeriod) {

	private static final Duration MAINTENANCE_PERIOD = Duration.ofSeconds(30);

	public LettuceSettings {
		requirePositive("acquireTimeout", acquireTimeout);
		if (commandTimeout.isNegative()) {
			throw new IllegalArgumentException("commandTimeout must be at least 0, was " + commandTimeout);
		}
		requirePositive("maintenancePeriod", maintenancePeriod);
		if (maxPending < 0) {
			throw new IllegalArgumentException("maxPending must be at least 0, was " + maxPending);
		}
		if (maxIdle < 0) {
			throw new IllegalArgumentException("maxIdle must be at least 0, was " + maxIdle);
		}
	}

	/**
	 * Settings that let any number of callers wait.
	 * @param size the size to start with
	 * @param acquireTimeout how long a caller waits for a connection, above 0
	 * @param commandTimeout how long a command may take, 0 for ever
	 * @param maxIdle what comes back beyond so many idle connections is closed, at least
	 * 0
	 * @param maintenancePeriod the time between two searches for idle connections that
	 * are dead or no longer needed, above 0
	 */
	public LettuceSettings(PoolSize size, Duration acquireTimeout, Duration commandTimeout, int maxIdle,
			Duration maintenancePeriod) {
		this(size, acquireTimeout, 0, commandTimeout, maxIdle, maintenancePeriod);
	}

	/**
	 * Settings that keep all idle connections until they are no longer needed.
	 * @param size the size to start with
	 * @param acquireTimeout how long a caller waits for a connection, above 0
	 * @param commandTimeout how long a command may take, 0 for ever
	 * @return the settings
	 */
	public static LettuceSettings of(PoolSize size, Duration acquireTimeout, Duration commandTimeout) {
		return new LettuceSettings(size, acquireTimeout, commandTimeout, Integer.MAX_VALUE, MAINTENANCE_PERIOD);
	}

	private static void requirePositive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw new IllegalArgumentException(name + " must be above 0, was " + value);
		}
	}

}
