package io.poolwise.pool.hikari;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Connections that were opened before HikariCP asks for them: it asks for one after the
 * other, and several can be opened at the same time. Safe for any thread.
 */
final class ConnectionsAhead {

	private static final long LOOK_MILLIS = 20;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<GateConnection> ready = new ArrayDeque<>();

	private BooleanSupplier urgent = () -> true;

	private volatile boolean active;

	private int expected;

	/**
	 * Announces connections.
	 * @param expected how many; {@link #open} follows for each, until one fails
	 * @param urgent whether HikariCP must not wait for them, but opens its own
	 */
	void begin(int expected, BooleanSupplier urgent) {
		this.lock.lock();
		try {
			this.expected = expected;
			this.urgent = urgent;
			this.active = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Opens one of the connections that are expected.
	 * @param opener opens it
	 * @return whether one was opened, and is wanted
	 */
	boolean open(Opener opener) {
		GateConnection connection;
		try {
			connection = opener.open();
		}
		catch (SQLException | RuntimeException | Error ex) {
			// told by the gate
			failed();
			return false;
		}
		boolean wanted = add(connection);
		if (!wanted) {
			closeQuietly(connection);
		}
		return wanted;
	}

	private boolean add(GateConnection connection) {
		this.lock.lock();
		try {
			this.expected--;
			if (this.active) {
				this.ready.add(connection);
			}
			this.changed.signalAll();
			return this.active;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Nobody waits for further ones.
	 */
	private void failed() {
		this.lock.lock();
		try {
			this.expected = 0;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes a connection, and waits for one that is expected unless it is urgent.
	 * @return the connection, {@code null} if there is none to wait for
	 */
	@Nullable GateConnection take() {
		if (!this.active) {
			return null;
		}
		this.lock.lock();
		try {
			while (this.active && this.ready.isEmpty() && this.expected > 0 && !this.urgent.getAsBoolean()) {
				boolean unused = this.changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
			}
			return this.ready.poll();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Closes a connection that must not be handed out any more.
	 * @return whether it was here
	 */
	boolean close(GateConnection connection) {
		boolean here;
		this.lock.lock();
		try {
			here = this.ready.remove(connection);
		}
		finally {
			this.lock.unlock();
		}
		if (here) {
			closeQuietly(connection);
		}
		return here;
	}

	/**
	 * Keeps nothing any more, and closes what nobody asked for.
	 */
	void end() {
		List<GateConnection> left;
		this.lock.lock();
		try {
			this.active = false;
			left = List.copyOf(this.ready);
			this.ready.clear();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		left.forEach(ConnectionsAhead::closeQuietly);
	}

	private static void closeQuietly(GateConnection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			// nobody has used it, and it counts as closed
		}
	}

	/**
	 * Opens a connection.
	 */
	interface Opener {

		GateConnection open() throws SQLException;

	}

}
