package io.poolwise.pool.lettuce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A source whose connections open and close when the test says so. A connection is its
 * type and a number, such as {@code a1}.
 */
final class ManualSource implements ConnectionSource<String, String> {

	private record Opening(String type, CompletableFuture<String> future) {
	}

	private final List<Opening> opening = new ArrayList<>();

	private final Map<String, CompletableFuture<Void>> closing = new HashMap<>();

	private final Set<String> open = new HashSet<>();

	private final Set<String> broken = new HashSet<>();

	private int number;

	private int highest;

	@Override
	public CompletionStage<String> open(String type) {
		Opening attempt = new Opening(type, new CompletableFuture<>());
		this.opening.add(attempt);
		this.highest = Math.max(this.highest, alive());
		return attempt.future();
	}

	@Override
	public CompletionStage<Void> close(String connection) {
		if (!this.open.contains(connection) || this.closing.containsKey(connection)) {
			throw new IllegalStateException(connection + " is closed already");
		}
		CompletableFuture<Void> closed = new CompletableFuture<>();
		this.closing.put(connection, closed);
		return closed;
	}

	@Override
	public boolean isUsable(String connection) {
		return !this.broken.contains(connection);
	}

	@Override
	public boolean isClosed(String connection) {
		return !this.open.contains(connection);
	}

	/**
	 * Those that the server would count, being opened or closed included.
	 */
	int alive() {
		return this.opening.size() + this.open.size();
	}

	int highest() {
		return this.highest;
	}

	int opening() {
		return this.opening.size();
	}

	Set<String> closing() {
		return this.closing.keySet();
	}

	void breaks(String connection) {
		this.broken.add(connection);
	}

	void closedByItsBorrower(String connection) {
		this.open.remove(connection);
	}

	String opened() {
		Opening attempt = this.opening.remove(0);
		// the pool tells connections apart by identity
		String connection = (attempt.type() + ++this.number).intern();
		this.open.add(connection);
		attempt.future().complete(connection);
		return connection;
	}

	void openFails(RuntimeException failure) {
		this.opening.remove(0).future().completeExceptionally(failure);
	}

	void closed() {
		String connection = this.closing.keySet().iterator().next();
		this.open.remove(connection);
		this.closing.remove(connection).complete(null);
	}

}
