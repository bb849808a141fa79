package io.poolwise.governor;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Asks the servers from time to time how many clients they have, once somebody wants to
 * know. Safe for any thread.
 */
final class ServerSessions implements AutoCloseable {

	private static final Duration INTERVAL = Duration.ofSeconds(20);

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final Members members;

	private final ScheduledExecutorService executor;

	private final Map<String, Integer> last = new ConcurrentHashMap<>();

	private @Nullable Future<?> asking;

	private boolean closed;

	ServerSessions(Members members, ScheduledExecutorService executor) {
		this.members = members;
		this.executor = executor;
	}

	OptionalInt of(String pool) {
		begin();
		Integer connections = this.last.get(pool);
		return (connections != null) ? OptionalInt.of(connections) : OptionalInt.empty();
	}

	private synchronized void begin() {
		if (this.asking == null && !this.closed) {
			this.asking = this.executor.scheduleWithFixedDelay(this::ask, 0, INTERVAL.toSeconds(), TimeUnit.SECONDS);
		}
	}

	private void ask() {
		this.last.keySet().retainAll(this.members.names());
		for (Member member : this.members.all()) {
			OptionalInt answer = ask(member);
			if (answer.isPresent()) {
				this.last.put(member.name(), answer.getAsInt());
			}
			else {
				this.last.remove(member.name());
			}
		}
	}

	private static OptionalInt ask(Member member) {
		try {
			return member.pool().pool().serverConnections(TIMEOUT);
		}
		catch (RuntimeException ex) {
			// a pool that is being closed; what isn't known isn't shown
			return OptionalInt.empty();
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		Future<?> asking = this.asking;
		if (asking != null) {
			asking.cancel(true);
		}
	}

}
