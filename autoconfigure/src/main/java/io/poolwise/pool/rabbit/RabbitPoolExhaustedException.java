package io.poolwise.pool.rabbit;

import io.poolwise.pool.PoolShortage;
import io.poolwise.pool.PoolUnavailable;

import org.springframework.amqp.AmqpTimeoutException;

/**
 * No channel came free within the acquire timeout, or the caller was not let wait.
 */
public class RabbitPoolExhaustedException extends AmqpTimeoutException implements PoolUnavailable {

	private final transient PoolShortage shortage;

	RabbitPoolExhaustedException(PoolShortage shortage, String message) {
		super(message);
		this.shortage = shortage;
	}

	@Override
	public PoolShortage getShortage() {
		return this.shortage;
	}

}
