package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseCommand.CloseCoordinator;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseEvent;
import io.poolwise.lease.LeaseCommand.Recount;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.Notified;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.LedgerException;
import io.poolwise.lease.SlotLedger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that has the coordinator session: carries out commands one after the other,
 * listens in between, and tells the time.
 */
final class CoordinatorThread {

	private static final Logger logger = LoggerFactory.getLogger(LeaseRuntime.class);

	private static final AtomicInteger NUMBER = new AtomicInteger();

	// a command that comes meanwhile waits for the rest of it
	private static final long SLICE_MILLIS = 20;

	private static final long LONGEST_PAUSE_MILLIS = 10_000;

	private static final long QUIET = Duration.ofSeconds(30).toNanos();

	/** Failures in a row after which an event that can't be taken in is dropped. */
	private static final int MOST_DELIVERIES = 12;

	private final LeaseRuntime runtime;

	private final SlotLedger<?> ledger;

	private final int seats;

	private final LinkedBlockingQueue<LeaseCommand> commands = new LinkedBlockingQueue<>();

	private final ServerQuestions questions = new ServerQuestions();

	private final StrangerCount strangers;

	private final Thread thread;

	private @Nullable CoordinatorSession session;

	private int epoch;

	private boolean troubled;

	private volatile @Nullable String openFailure;

	private final Queue<LeaseEvent> undelivered = new ConcurrentLinkedQueue<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

	private int attempted;

	private int failures;

	private long failedAt;

	CoordinatorThread(LeaseRuntime runtime, SlotLedger<?> ledger, int seats) {
		this.runtime = runtime;
		this.ledger = ledger;
		this.seats = seats;
		this.strangers = new StrangerCount(runtime);
		this.thread = new Thread(this::run, "poolwise-leases-" + NUMBER.incrementAndGet());
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	void add(LeaseCommand command) {
		this.commands.add(command);
	}

	/**
	 * Waits until the session, if there is one, has told which server it is on.
	 */
	OptionalLong ask(Duration timeout) throws TimeoutException, InterruptedException {
		return this.questions.ask(timeout);
	}

	/**
	 * Why the last attempt to open the session failed.
	 * @return the reason, without a secret; {@code null} if it succeeded or there was
	 * none
	 */
	@Nullable String openFailure() {
		return this.openFailure;
	}

	void close(Duration patience) {
		this.closed.countDown();
		try {
			this.thread.join(patience.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread.interrupt();
	}

	/**
	 * Takes in an event again that could not be taken in, soon.
	 */
	void deliverLater(LeaseEvent event) {
		this.undelivered.add(event);
	}

	/**
	 * A step of the member failed, on whichever thread: the session is given up.
	 */
	void fail(Throwable failure) {
		this.failed.set(failure);
	}

	private void run() {
		try {
			while (!this.runtime.stopped() || !this.commands.isEmpty()) {
				try {
					recover();
					turn();
				}
				catch (LedgerException | RuntimeException | Error ex) {
					this.failed.set(ex);
				}
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The thread of the leases was told to end");
		}
		finally {
			drop();
		}
	}

	private void turn() throws LedgerException, InterruptedException {
		LeaseCommand command = next();
		if (command != null) {
			carryOut(command);
		}
		this.runtime.tick();
		countStrangers();
		answer();
	}

	/**
	 * Gives up the session after a failure, and tells the member. That may fail, too;
	 * then it is tried again.
	 */
	private void recover() throws InterruptedException {
		Throwable failure = this.failed.get();
		if (failure != null) {
			if (!(failure instanceof LedgerException)) {
				pause();
			}
			trouble(failure);
			drop();
			tellIfForbidden(failure);
			LeaseState state = this.runtime.state();
			switch (state.phase()) {
				case SEATED, PAID -> this.runtime.step(new CoordinatorLost(state.epoch()));
				case OPENING -> this.runtime.step((this.attempted == state.epoch())
						? new CoordinatorOpenUnknown(state.epoch()) : new CoordinatorOpenFailed(state.epoch()));
				default -> {
					// the phase ends by itself
				}
			}
			this.failed.compareAndSet(failure, null);
		}
		for (LeaseEvent event = this.undelivered.peek(); event != null; event = this.undelivered.peek()) {
			boolean last = this.failures > MOST_DELIVERIES;
			if (last) {
				logger.warn("Leases: {} is dropped, since it can't be taken in", event);
				this.undelivered.remove();
			}
			this.runtime.step(event);
			if (!last) {
				this.undelivered.remove();
			}
		}
	}

	/**
	 * Waits after a failure that is no matter of the network, the longer the more there
	 * were in a row.
	 */
	private void pause() throws InterruptedException {
		long now = System.nanoTime();
		this.failures = (this.failures > 0 && now - this.failedAt > QUIET) ? 1 : this.failures + 1;
		boolean unused = this.closed.await(Math.min(LONGEST_PAUSE_MILLIS, 5L << Math.min(this.failures, 20)),
				TimeUnit.MILLISECONDS);
		this.failedAt = System.nanoTime();
	}

	private @Nullable LeaseCommand next() throws LedgerException, InterruptedException {
		LeaseCommand command = this.commands.poll();
		long idle = Math.min(this.runtime.idleMillis(), SLICE_MILLIS);
		CoordinatorSession current = this.session;
		if (command != null || idle == 0) {
			return command;
		}
		if (current == null || !current.listens()) {
			return this.commands.poll(idle, TimeUnit.MILLISECONDS);
		}
		if (current.hears(Duration.ofMillis(idle))) {
			this.runtime.step(new Notified(this.epoch));
		}
		return this.commands.poll();
	}

	private void carryOut(LeaseCommand command) throws LedgerException, InterruptedException {
		if (command instanceof OpenCoordinator open) {
			open(open);
		}
		else if (command instanceof CloseCoordinator close) {
			close(close.epoch());
		}
		else if (command instanceof Recount) {
			this.strangers.soon();
			this.runtime.limitsMayHaveChanged();
		}
		else {
			CoordinatorSession current = this.session;
			if (current != null) {
				this.runtime.step(CoordinatorCommands.carryOut(current, command));
			}
		}
	}

	private void countStrangers() throws LedgerException {
		CoordinatorSession current = this.session;
		if (current != null && this.strangers.isDue() && this.strangers.count(current)) {
			// ours among them, maybe, without their locks
			this.runtime.step(new Notified(this.epoch));
		}
	}

	private void answer() throws LedgerException {
		if (this.questions.isEmpty()) {
			return;
		}
		CoordinatorSession current = this.session;
		this.questions.answer((current != null) ? OptionalLong.of(current.server()) : OptionalLong.empty());
	}

	private void open(OpenCoordinator open) throws InterruptedException {
		int epoch = open.epoch();
		LeaseState state = this.runtime.state();
		if (state.phase() != LeaseState.Phase.OPENING || state.epoch() != epoch) {
			// of a step that failed
			return;
		}
		this.attempted = epoch;
		try {
			CoordinatorSession opened = new CoordinatorOpening(this.runtime, this.ledger, this.seats, open)
				.open(this.thread.getName() + "-open");
			this.session = opened;
			this.epoch = epoch;
			if (this.troubled) {
				logger.info("Leases: there is a coordinator session again.");
			}
			this.openFailure = null;
			this.runtime.step(new CoordinatorOpened(epoch, opened.id(), opened.seat()));
			this.troubled = false;
		}
		catch (LedgerException ex) {
			this.openFailure = String.valueOf(ex.getMessage());
			trouble(ex);
			tellIfForbidden(ex);
			this.runtime.step(ex.sessionGone() ? new CoordinatorOpenFailed(epoch) : new CoordinatorOpenUnknown(epoch));
		}
	}

	private void close(int epoch) {
		CoordinatorSession current = this.session;
		this.session = null;
		if (current == null || this.epoch != epoch) {
			return;
		}
		boolean gone = false;
		try {
			gone = current.end();
		}
		finally {
			if (!gone) {
				current.abort();
			}
		}
		if (gone) {
			this.runtime.step(new CoordinatorGone(epoch));
		}
	}

	private void tellIfForbidden(Throwable failure) {
		if (failure instanceof LedgerException ledger && ledger.isForbidden()) {
			this.runtime.forbidden(String.valueOf(failure.getMessage()));
		}
	}

	private void trouble(Throwable failure) {
		boolean again = this.failures > 1 && !(failure instanceof LedgerException);
		boolean forbidden = failure instanceof LedgerException ledger && ledger.isForbidden();
		if (!this.troubled && !again && !forbidden) {
			this.troubled = true;
			logger.warn("Leases: {}. Connections that are open stay open, none is made until it works again.",
					(failure instanceof LedgerException) ? failure.getMessage() : failure.toString());
		}
		else {
			logger.debug("Leases", failure);
		}
	}

	private void drop() {
		CoordinatorSession current = this.session;
		this.session = null;
		try {
			if (current != null) {
				current.abort();
			}
		}
		finally {
			this.questions.answer(OptionalLong.empty());
		}
	}

}
