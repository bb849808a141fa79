package io.poolwise.sample.order;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when an event was not accepted for certain, so that it must be published again.
 */
public final class EventNotPublishedException extends RuntimeException {

	public EventNotPublishedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
