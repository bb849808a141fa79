package io.poolwise.governor;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered when it was last asked. An old answer says nothing: who doesn't
 * ask the health any more must not read of a server that was down an hour ago. Safe for
 * any thread.
 */
final class LastProbe {

	// longer than the usual interval of health checks
	private static final Duration TELLING = Duration.ofSeconds(30);

	private final LongSupplier nanos;

	private volatile @Nullable Answer answer;

	LastProbe(LongSupplier nanos) {
		this.nanos = nanos;
	}

	void remember(ServerProbe probe) {
		this.answer = new Answer(probe instanceof ServerProbe.Failed, this.nanos.getAsLong());
	}

	/**
	 * Whether the server did not answer, a moment ago.
	 */
	boolean hasFailed() {
		Answer answer = this.answer;
		return answer != null && answer.failed() && this.nanos.getAsLong() - answer.nanos() <= TELLING.toNanos();
	}

	private record Answer(boolean failed, long nanos) {
	}

}
