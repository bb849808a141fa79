package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.poolwise.budget.LimitReading;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionProvider;

/**
 * Reads the server's limit over a short-lived connection, bounded in time.
 */
final class LimitReader {

	// as long as a local server under load may need
	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final BareConnections<LimitReading> connections;

	/**
	 * Creates a reader.
	 * @param provider opens the connection
	 * @param late called when the server answers after the time
	 */
	LimitReader(Supplier<LettuceConnectionProvider> provider, Runnable late) {
		this.connections = new BareConnections<>(provider, LettuceLimits::read, late);
	}

	LimitReading read() {
		try {
			return this.connections.ask(TIMEOUT);
		}
		catch (TimeoutException ex) {
			return new LimitReading.Unavailable("no answer within " + TIMEOUT.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			return new LimitReading.Unavailable(Failures.describe(ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new LimitReading.Unavailable("interrupted");
		}
	}

}
