package io.poolwise.pool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One physical pool whose size can be read truly and changed while it works. Every method
 * may be called by any thread at any time, before the pool has started and after it was
 * closed; none waits for a connection of the pool.
 */
public interface ManagedPool {

	/**
	 * The pool's name, unique among the pools of its kind in one application:
	 * {@code primary}, {@code read-replica}, or the bean's name.
	 * @return the name
	 */
	String name();

	/**
	 * What the pool's library calls it in its own meters, such as HikariCP's pool name.
	 * @return the name; empty before the pool has one, and for a library without meters
	 * of its own
	 */
	default Optional<String> libraryName() {
		return Optional.empty();
	}

	/**
	 * What the pool holds.
	 * @return the kind
	 */
	PoolKind kind();

	/**
	 * The pool as it is. Cheap: no lock that a borrower needs, no question to a server.
	 * @return the counts, {@link PoolCounts#EMPTY} before the start and after the close
	 */
	PoolCounts counts();

	/**
	 * The size that the pool was last told to have.
	 * @return the target
	 */
	PoolSize target();

	/**
	 * Tells the pool its size. Growth reaches waiting callers at once; shrinking closes
	 * idle connections at once and busy ones when they come back; work that runs is never
	 * cut. Returns before all of that has happened: {@link #counts()} shows how far it
	 * is.
	 * @param target the size
	 */
	void resize(PoolSize target);

	/**
	 * Asks whether the server is there, over a connection that is free at this moment,
	 * else judging by recent use, else over one short-lived connection of its own, at
	 * most one at a time.
	 * @param timeout how long the server may take to answer
	 * @return the answer, within {@code timeout} plus a little
	 */
	ServerProbe probe(Duration timeout);

	/**
	 * Why the pool cannot get a connection at present, as its last attempt to connect
	 * showed. Cheap, asks nobody.
	 * @return the reason, without a secret; empty if the last attempt succeeded or there
	 * was none
	 */
	Optional<String> connectFailure();

	/**
	 * How often the pool has connected. Cheap, asks nobody.
	 * @return the numbers since the start of the application; none where nobody counts
	 */
	default PoolConnects connects() {
		return PoolConnects.NONE;
	}

	/**
	 * Asks the server how many clients are connected to it, over a connection that is
	 * idle at this moment: waits for none, and opens none.
	 * @param timeout how long the server may take to answer
	 * @return connections of all clients; empty if none of ours is idle, the server does
	 * not answer or tell, or the kind of pool has no such number
	 */
	default OptionalInt serverConnections(Duration timeout) {
		return OptionalInt.empty();
	}

	/**
	 * How often callers went without a connection, and why. Cheap, asks nobody.
	 * @return the numbers since the start of the application
	 */
	default PoolTrouble trouble() {
		return PoolTrouble.NONE;
	}

	/**
	 * Who serves the pool's callers while its server can't be reached. Cheap, asks
	 * nobody.
	 * @return another pool, empty if nobody does
	 */
	default Optional<StandIn> standIn() {
		return Optional.empty();
	}

	/**
	 * Opens what is missing of the minimum, before anybody asks for it, and waits for
	 * that. An interrupt ends the attempt; what is open then stays open.
	 * @param pace spaces the connects, where the pool can
	 * @throws Exception if it makes no sense to go on, or the thread is interrupted
	 */
	default void warmUp(ConnectPace pace) throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		while (missing() > 0) {
			PoolCounts counts = counts();
			if (counts.free() + counts.used() == 0 && connectFailure().isPresent()) {
				throw new IllegalStateException(connectFailure().orElse("nothing could be opened"));
			}
			boolean unused = never.await(20, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Connections of the minimum that are not open. Cheap, asks nobody.
	 * @return how many, at least 0
	 */
	default int missing() {
		PoolCounts counts = counts();
		return Math.max(0, target().min() - counts.free() - counts.used());
	}

	/**
	 * Connections that were closed and replaced since they had run as many statements as
	 * they may. Cheap, asks nobody.
	 * @return how many since the start of the application, 0 where nothing is recycled
	 */
	default long recycled() {
		return 0;
	}

	/**
	 * What of the promises above this pool cannot keep, in words for an operator.
	 * @return the limitations, usually empty
	 */
	default List<String> limitations() {
		return List.of();
	}

}
