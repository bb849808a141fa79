package io.poolwise.pool.hikari;

import java.util.concurrent.Executor;

import io.poolwise.pool.ConnectTally;
import io.poolwise.pool.ConnectTrouble;
import io.poolwise.pool.PoolConnects;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's connects and its broken connections tell of its server. Safe for any
 * thread.
 */
final class Reachability {

	private final Executor executor;

	private final ConnectTally connects = new ConnectTally();

	private volatile @Nullable String failure;

	private volatile ConnectTrouble trouble = ConnectTrouble.NONE;

	private volatile boolean doubted;

	private volatile Runnable onReconnect = () -> {
	};

	/**
	 * Begins with a server of which nothing bad is known.
	 * @param executor runs what follows a reconnect
	 */
	Reachability(Executor executor) {
		this.executor = executor;
	}

	void onReconnect(Runnable action) {
		this.onReconnect = action;
	}

	/**
	 * A connection was opened.
	 */
	void connected() {
		this.connects.made();
	}

	/**
	 * The pool has one more connection, whenever that was opened.
	 */
	void arrived() {
		if (doubtsServer()) {
			this.failure = null;
			this.trouble = ConnectTrouble.NONE;
			this.doubted = false;
			this.executor.execute(this.onReconnect);
		}
	}

	void connectFailed(Throwable failure) {
		this.connects.failed();
		this.failure = Failures.describe(failure);
		this.trouble = Failures.trouble(failure);
	}

	/**
	 * Takes the server for unreachable, though no connect has failed, until one succeeds.
	 * @param why in words for an operator
	 */
	void connectOverdue(String why) {
		this.trouble = ConnectTrouble.SERVER_DOWN;
		this.failure = why;
	}

	/**
	 * The server may not be what it was: the next connection is the moment to ask.
	 */
	void doubtServer() {
		this.doubted = true;
	}

	/**
	 * Whether something has happened since the last connect that makes connections
	 * suspect which were made before.
	 */
	boolean doubtsServer() {
		return this.doubted || this.failure != null;
	}

	/**
	 * Why the last connect failed.
	 * @return in words for an operator, {@code null} if it didn't
	 */
	@Nullable String connectFailure() {
		return this.failure;
	}

	ConnectTrouble connectTrouble() {
		return this.trouble;
	}

	PoolConnects connects() {
		return this.connects.connects();
	}

}
