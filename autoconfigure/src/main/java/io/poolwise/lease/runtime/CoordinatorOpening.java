package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SlotLedger;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a coordinator session. An attempt that hangs is given up and goes
 * on by itself: at its end it closes what came of it.
 */
final class CoordinatorOpening {

	// a little longer than the 10 s that PostgreSQL's driver itself waits for a connect
	private static final Duration TIMEOUT = Duration.ofSeconds(12);

	private final CompletableFuture<CoordinatorSession> attempt = new CompletableFuture<>();

	private final LeaseRuntime runtime;

	private final SlotLedger<?> ledger;

	private final int seats;

	private final int budget;

	private final int epoch;

	CoordinatorOpening(LeaseRuntime runtime, SlotLedger<?> ledger, int seats, OpenCoordinator open) {
		this.runtime = runtime;
		this.ledger = ledger;
		this.seats = seats;
		this.budget = open.budget();
		this.epoch = open.epoch();
	}

	/**
	 * Opens the session, and waits for that.
	 * @param thread the name of the thread that opens it
	 * @return the session
	 * @throws LedgerException if there is none to be had, or none in time
	 * @throws InterruptedException if the caller was interrupted; no session is left then
	 */
	CoordinatorSession open(String thread) throws LedgerException, InterruptedException {
		Thread opener = new Thread(this::run, thread);
		opener.setDaemon(true);
		try {
			opener.start();
		}
		catch (OutOfMemoryError ex) {
			throw new LedgerException("no thread to open the coordinator session: " + ex.getMessage(), true, ex);
		}
		try {
			return result(TIMEOUT);
		}
		catch (TimeoutException ex) {
			if (!this.attempt.completeExceptionally(ex)) {
				return result();
			}
			throw new LedgerException("no coordinator session within " + TIMEOUT.toSeconds() + " s", false, ex);
		}
		catch (InterruptedException ex) {
			if (!this.attempt.completeExceptionally(ex) && !this.attempt.isCompletedExceptionally()) {
				this.attempt.join().abort();
			}
			throw ex;
		}
	}

	private CoordinatorSession result() throws LedgerException, InterruptedException {
		try {
			return result(Duration.ZERO);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException("the attempt is over", ex);
		}
	}

	private CoordinatorSession result(Duration patience)
			throws LedgerException, InterruptedException, TimeoutException {
		try {
			return this.attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof LedgerException failure) {
				throw failure;
			}
			throw new LedgerException(String.valueOf(message(ex.getCause())), false, ex);
		}
	}

	private static @Nullable String message(@Nullable Throwable failure) {
		return (failure != null) ? failure.getMessage() : null;
	}

	private void run() {
		boolean gone = false;
		try {
			CoordinatorSession opened = this.ledger.open(this.seats, this.budget);
			gone = !this.attempt.complete(opened) && opened.end();
		}
		catch (LedgerException ex) {
			gone = !this.attempt.completeExceptionally(ex) && ex.sessionGone();
		}
		catch (RuntimeException | Error ex) {
			this.attempt.completeExceptionally(ex);
		}
		if (gone) {
			this.runtime.step(new CoordinatorGone(this.epoch));
		}
	}

}
