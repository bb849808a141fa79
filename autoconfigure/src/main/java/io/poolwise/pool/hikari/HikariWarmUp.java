package io.poolwise.pool.hikari;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.poolwise.pool.ConnectPace;
import io.poolwise.pool.ConnectTrouble;

/**
 * Fills a pool up to its minimum. HikariCP makes one connection after the other, and
 * pauses for 30 ms after each: while it does, a few threads connect ahead of it.
 */
final class HikariWarmUp {

	private static final int PARALLEL = 4;

	private static final long LOOK_MILLIS = 20;

	private static final long RETRY_MILLIS = 500;

	private static final long LONGEST_RETRY_MILLIS = 8_000;

	private final String name;

	private final HikariDataSource pool;

	private final ConnectionGate gate;

	private final HikariResizer resizer;

	private final ConnectionGate.Connector borrowing;

	private final ConnectionGate.Connector connecting;

	private final CountDownLatch closed = new CountDownLatch(1);

	/**
	 * Creates the warm-up of a pool.
	 * @param name the pool's name
	 * @param pool the pool
	 * @param gate its gate
	 * @param resizer knows what is missing
	 * @param borrowing borrows, which starts the pool
	 * @param connecting opens a connection as HikariCP would
	 */
	HikariWarmUp(String name, HikariDataSource pool, ConnectionGate gate, HikariResizer resizer,
			ConnectionGate.Connector borrowing, ConnectionGate.Connector connecting) {
		this.name = name;
		this.pool = pool;
		this.gate = gate;
		this.resizer = resizer;
		this.borrowing = borrowing;
		this.connecting = connecting;
	}

	/**
	 * Fills the pool, and waits until it is full.
	 * @param pace spaces the connects
	 * @throws SQLException if the server can't be reached, or refuses
	 * @throws InterruptedException if the thread is interrupted, which ends the attempt
	 */
	void run(ConnectPace pace) throws SQLException, InterruptedException {
		if (this.resizer.target().min() == 0 || !pause(pace)) {
			return;
		}
		start();
		int ahead = this.resizer.target().min() - this.gate.open();
		Filling filling = new Filling(pace, new AtomicInteger(ahead), new CountDownLatch(1));
		this.gate.ahead()
			.begin(Math.max(0, ahead), () -> this.pool.getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);
		try {
			for (int i = 1; i <= Math.min(PARALLEL, ahead); i++) {
				Thread thread = new Thread(filling, "warm-up-" + this.name + "-" + i);
				thread.setDaemon(true);
				thread.start();
			}
			while (this.resizer.missing() > 0 && !this.closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
				this.resizer.fill();
			}
		}
		finally {
			filling.stop().countDown();
			this.gate.ahead().end();
		}
	}

	/**
	 * The first connection tells whether it makes sense to go on: a server that is full
	 * may have room in a moment, one that is down is for the pool to wait for.
	 */
	private void start() throws SQLException, InterruptedException {
		long pause = RETRY_MILLIS;
		while (this.pool.getHikariPoolMXBean() == null) {
			try {
				this.borrowing.connect().close();
				return;
			}
			catch (SQLException | PoolInitializationException ex) {
				if (Failures.trouble(ex) != ConnectTrouble.SERVER_FULL
						|| this.closed.await(pause, TimeUnit.MILLISECONDS)) {
					throw ex;
				}
				pause = Math.min(LONGEST_RETRY_MILLIS, pause * 2);
			}
		}
	}

	private boolean pause(ConnectPace pace) throws InterruptedException {
		return !this.closed.await(pace.next(), TimeUnit.NANOSECONDS);
	}

	void close() {
		this.closed.countDown();
		this.gate.ahead().end();
	}

	/**
	 * Opens its part of the connections. Once one fails, or is not wanted any more, the
	 * others are left to HikariCP, which opens one at a time as it always does.
	 */
	private final class Filling implements Runnable {

		private final ConnectPace pace;

		private final AtomicInteger left;

		private final CountDownLatch stop;

		Filling(ConnectPace pace, AtomicInteger left, CountDownLatch stop) {
			this.pace = pace;
			this.left = left;
			this.stop = stop;
		}

		CountDownLatch stop() {
			return this.stop;
		}

		@Override
		public void run() {
			boolean over = false;
			try {
				while (this.left.getAndDecrement() > 0) {
					if (this.stop.await(this.pace.next(), TimeUnit.NANOSECONDS)) {
						return;
					}
					if (!HikariWarmUp.this.gate.openAhead(HikariWarmUp.this.connecting)) {
						this.left.set(0);
					}
				}
				over = true;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				if (!over) {
					// nobody waits for what this thread doesn't open
					HikariWarmUp.this.gate.ahead().end();
				}
			}
		}

	}

}
