package io.poolwise.governor;

import java.time.Duration;
import java.util.List;

import io.poolwise.budget.Budget;
import io.poolwise.budget.LimitReading;
import io.poolwise.pool.ServerProbe;
import org.jspecify.annotations.Nullable;

/**
 * What this instance may open on servers whose budget the instances share live. Safe for
 * any thread.
 */
public interface FleetLeases {

	/**
	 * Nothing is shared live.
	 */
	FleetLeases NONE = new FleetLeases() {

		@Override
		public void listen(Listener listener) {
		}

		@Override
		public boolean read(GovernedPool pool, LimitReading reading, @Nullable Budget budget) {
			return !(reading instanceof LimitReading.Unavailable);
		}

		@Override
		public @Nullable String refusal(String pool) {
			return null;
		}

		@Override
		public void acknowledge(UngovernedPool pool) {
		}

		@Override
		public void dismiss(String pool) {
		}

		@Override
		public void pause() {
		}

		@Override
		public void resume() {
		}

		@Override
		public @Nullable LeaseShare on(Object server) {
			return null;
		}

		@Override
		public @Nullable ServerProbe probe(Object server, Duration timeout) {
			return null;
		}

		@Override
		public boolean isOutOfReach(Object server) {
			return false;
		}

		@Override
		public int members() {
			return 0;
		}

		@Override
		public List<LeaseShare> all() {
			return List.of();
		}

	};

	/**
	 * Names who is told of changes.
	 * @param listener is called by any thread
	 */
	void listen(Listener listener);

	/**
	 * Takes account of what the server of a pool says. Joins the fleet at the first time;
	 * may ask the server for that, bounded in time.
	 * @param pool the pool
	 * @param reading what its server says
	 * @param budget what the whole fleet may open, {@code null} where no limit is known
	 * @return whether it is known now whether the pool leases; if not, its server should
	 * be asked again soon
	 * @throws LeasesImpossibleException if leases are a must and cannot be had there; the
	 * server should be asked again if the application goes on
	 */
	boolean read(GovernedPool pool, LimitReading reading, @Nullable Budget budget);

	/**
	 * Why a pool opens no connection though its server is there: it must lease, and
	 * can't.
	 * @param pool the pool's name
	 * @return one sentence without its full stop, {@code null} if that isn't so
	 */
	@Nullable String refusal(String pool);

	/**
	 * Takes account of a pool of this process that opens connections without slots: what
	 * it can open is taken from what the fleet shares.
	 * @param pool the pool
	 * @throws LeasesImpossibleException if leases are a must
	 */
	void acknowledge(UngovernedPool pool);

	/**
	 * Lets a pool go that was closed. With the last one of a server the instance leaves
	 * its fleet, in order.
	 * @param pool the pool's name
	 */
	void dismiss(String pool);

	/**
	 * Leaves each fleet in which no pool has a connection, until {@link #resume()}: at
	 * once, and as the last one is closed. A pool that connects nevertheless joins again,
	 * and stays. Waits for the sessions that are closed at once.
	 */
	void pause();

	/**
	 * Joins again what was left in a {@link #pause()}, without waiting for it.
	 */
	void resume();

	/**
	 * What this instance may open on a server.
	 * @param server the server, as {@link LimitReading} names it
	 * @return its share, {@code null} if nothing is shared live there
	 */
	@Nullable LeaseShare on(Object server);

	/**
	 * Asks a server whether it is there, over the session that keeps the leases.
	 * @param server the server
	 * @param timeout how long it may take
	 * @return the answer, {@code null} if there is no such session at present
	 */
	@Nullable ServerProbe probe(Object server, Duration timeout);

	/**
	 * Whether a server did not let this instance in when it last tried to take part. Asks
	 * nobody.
	 * @param server the server
	 * @return {@code false} also if nothing is shared live there
	 */
	boolean isOutOfReach(Object server);

	/**
	 * How many instances the fleet may have, this one included: the most on any of the
	 * servers. More count at once, fewer after a while.
	 * @return instances, 0 if that is not known
	 */
	int members();

	/**
	 * What this instance may open on all such servers.
	 * @return one share a server
	 */
	List<LeaseShare> all();

	/**
	 * Is told of changes.
	 */
	interface Listener {

		/**
		 * This instance may open another number of connections.
		 * @param server the server
		 */
		void changed(Object server);

		/**
		 * The fleet may have another number of instances.
		 */
		void membersChanged();

		/**
		 * The server of a pool should be asked now what it grants.
		 * @param pool the pool's name
		 */
		void ask(String pool);

	}

}
