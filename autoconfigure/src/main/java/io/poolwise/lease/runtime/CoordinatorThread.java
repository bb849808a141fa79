package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.poolwise.lease.CoordinatorSession;
import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseCommand.CloseCoordinator;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenUnknown;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.Notified;
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
	 * Waits until the session, if there is one, has answered a small question.
	 */
	boolean ask(Duration timeout) throws TimeoutException, InterruptedException {
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
		try {
			this.thread.join(patience.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread.interrupt();
	}

	private void run() {
		try {
			while (!this.runtime.stopped() || !this.commands.isEmpty()) {
				LeaseCommand command = next();
				if (command != null) {
					carryOut(command);
				}
				this.runtime.tick();
				countStrangers();
				answer();
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The thread of the leases was told to end");
		}
		finally {
			drop();
		}
	}

	private @Nullable LeaseCommand next() throws InterruptedException {
		LeaseCommand command = this.commands.poll();
		long idle = Math.min(this.runtime.idleMillis(), SLICE_MILLIS);
		CoordinatorSession current = this.session;
		if (command != null || idle == 0) {
			return command;
		}
		if (current == null || !current.listens()) {
			return this.commands.poll(idle, TimeUnit.MILLISECONDS);
		}
		try {
			if (current.hears(Duration.ofMillis(idle))) {
				this.runtime.step(new Notified(this.epoch));
			}
		}
		catch (LedgerException | RuntimeException ex) {
			lost(ex);
		}
		return this.commands.poll();
	}

	private void carryOut(LeaseCommand command) throws InterruptedException {
		if (command instanceof OpenCoordinator open) {
			open(open.epoch());
		}
		else if (command instanceof CloseCoordinator close) {
			close(close.epoch());
		}
		else {
			CoordinatorSession current = this.session;
			if (current != null) {
				try {
					this.runtime.step(CoordinatorCommands.carryOut(current, command));
				}
				catch (LedgerException | RuntimeException ex) {
					lost(ex);
				}
			}
		}
	}

	private void countStrangers() {
		CoordinatorSession current = this.session;
		if (current != null && this.strangers.isDue()) {
			try {
				if (this.strangers.count(current)) {
					// ours among them, maybe, without their locks
					this.runtime.step(new Notified(this.epoch));
				}
			}
			catch (LedgerException | RuntimeException ex) {
				lost(ex);
			}
		}
	}

	private void answer() {
		if (this.questions.isEmpty()) {
			return;
		}
		CoordinatorSession current = this.session;
		try {
			if (current != null) {
				current.poll();
			}
			this.questions.answer(current != null);
		}
		catch (LedgerException | RuntimeException ex) {
			lost(ex);
		}
	}

	private void open(int epoch) throws InterruptedException {
		try {
			CoordinatorSession opened = new CoordinatorOpening(this.runtime, this.ledger, this.seats, epoch)
				.open(this.thread.getName() + "-open");
			this.session = opened;
			this.epoch = epoch;
			this.troubled = false;
			this.openFailure = null;
			this.runtime.step(new CoordinatorOpened(epoch, opened.id(), opened.seat()));
		}
		catch (LedgerException ex) {
			this.openFailure = String.valueOf(ex.getMessage());
			trouble(ex);
			this.runtime.step(ex.sessionGone() ? new CoordinatorOpenFailed(epoch) : new CoordinatorOpenUnknown(epoch));
		}
	}

	private void close(int epoch) {
		CoordinatorSession current = this.session;
		this.session = null;
		if (current != null && this.epoch == epoch && current.end()) {
			this.runtime.step(new CoordinatorGone(epoch));
		}
	}

	private void lost(Exception failure) {
		trouble(failure);
		drop();
		this.runtime.step(new CoordinatorLost(this.epoch));
	}

	private void trouble(Exception failure) {
		if (!this.troubled) {
			this.troubled = true;
			logger.warn("Leases: {}. Connections that are open stay open, none is made until it works again.",
					failure.getMessage());
		}
		else {
			logger.debug("Leases", failure);
		}
	}

	private void drop() {
		CoordinatorSession current = this.session;
		this.session = null;
		if (current != null) {
			current.abort();
		}
		this.questions.answer(false);
	}

}
