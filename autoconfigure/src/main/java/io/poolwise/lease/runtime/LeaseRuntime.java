package io.poolwise.lease.runtime;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.poolwise.lease.Demand;
import io.poolwise.lease.Grant;
import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseCommand.GrantConnect;
import io.poolwise.lease.LeaseCommand.HandOut;
import io.poolwise.lease.LeaseEvent;
import io.poolwise.lease.LeaseEvent.ConnectFailed;
import io.poolwise.lease.LeaseEvent.ConnectFenced;
import io.poolwise.lease.LeaseEvent.ConnectGone;
import io.poolwise.lease.LeaseEvent.ConnectRequested;
import io.poolwise.lease.LeaseEvent.ConnectUnknown;
import io.poolwise.lease.LeaseEvent.DemandChanged;
import io.poolwise.lease.LeaseEvent.MinimumChanged;
import io.poolwise.lease.LeaseEvent.SessionClosed;
import io.poolwise.lease.LeaseEvent.SlotsChanged;
import io.poolwise.lease.LeaseEvent.Stop;
import io.poolwise.lease.LeaseEvent.Tick;
import io.poolwise.lease.LeaseMember;
import io.poolwise.lease.LeaseSettings;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.SessionId;
import io.poolwise.lease.SlotLedger;
import io.poolwise.lease.SlotLedger.Fenced;
import io.poolwise.lease.Strangers;
import org.jspecify.annotations.Nullable;

/**
 * One instance's membership in the fleet of one server: drives a {@link LeaseMember}
 * under one monitor, with one thread for the coordinator session.
 * <p>
 * Safe for any thread. Only {@link #awaitGrant} waits, and only for a slot: the monitor
 * is held for the time of a step, never while a server is asked.
 */
public final class LeaseRuntime implements AutoCloseable {

	private final LeaseMember member;

	private final LongSupplier nanos;

	private final ReentrantLock monitor = new ReentrantLock();

	private final Condition changed = this.monitor.newCondition();

	private final CoordinatorThread coordinator;

	private final PortCalls port;

	private final CommandRoutes routes;

	private LeaseState state;

	private volatile int members = 1;

	/**
	 * Creates a member that has done nothing yet.
	 * @param settings the member's numbers
	 * @param ledger the server's locks
	 * @param port the pools
	 * @param executor calls the pools
	 * @param slots the slots of the fleet: budget less seats, at least 0
	 * @param nanos the monotonic clock
	 */
	public LeaseRuntime(LeaseSettings settings, SlotLedger<?> ledger, LeasePort port, Executor executor, int slots,
			LongSupplier nanos) {
		this.member = new LeaseMember(settings);
		this.nanos = nanos;
		this.port = new PortCalls(port, executor);
		this.state = this.member.start(slots, settings.member(), nanos.getAsLong());
		this.coordinator = new CoordinatorThread(this, ledger, settings.seats());
		this.routes = new CommandRoutes(this.port, this.coordinator::add);
	}

	/** Starts to join. */
	public void start() {
		this.coordinator.start();
	}

	/**
	 * What the member remembers now.
	 * @return the state
	 */
	public LeaseState state() {
		this.monitor.lock();
		try {
			return this.state;
		}
		finally {
			this.monitor.unlock();
		}
	}

	/**
	 * Waits for leave to make one connection.
	 * @param patience how long to wait at most
	 * @return the leave; {@code null} if there was none in time
	 * @throws InterruptedException if the thread was interrupted
	 */
	public @Nullable Grant awaitGrant(Duration patience) throws InterruptedException {
		long left = patience.toNanos();
		this.monitor.lockInterruptibly();
		try {
			while (true) {
				for (LeaseCommand command : advance(new ConnectRequested())) {
					if (command instanceof GrantConnect granted) {
						return granted.grant();
					}
				}
				if (left <= 0) {
					return null;
				}
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.monitor.unlock();
		}
	}

	/**
	 * Waits until connections may be made.
	 * @param patience how long to wait at most
	 * @return whether they may
	 * @throws InterruptedException if the thread was interrupted
	 */
	public boolean awaitOpen(Duration patience) throws InterruptedException {
		long left = patience.toNanos();
		this.monitor.lockInterruptibly();
		try {
			while (!this.state.gateOpen() && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			return this.state.gateOpen();
		}
		finally {
			this.monitor.unlock();
		}
	}

	/**
	 * Why a connection would be refused now, for people.
	 * @return one sentence
	 */
	public String whyNot() {
		return ClosedGate.reason(state(), this.coordinator.openFailure());
	}

	/**
	 * Whether the last attempt to open the coordinator session failed: the server is
	 * down, out of reach, or refuses. A server whose seats are all taken has answered.
	 * @return {@code false} also before the first attempt has ended
	 */
	public boolean openFailed() {
		return this.coordinator.openFailure() != null;
	}

	/**
	 * Asks over the coordinator session which server it is on.
	 * @param timeout how long to wait at most
	 * @return the answer; empty if there is no such session
	 * @throws TimeoutException if there was no answer in time
	 * @throws InterruptedException if the thread was interrupted
	 */
	public OptionalLong ask(Duration timeout) throws TimeoutException, InterruptedException {
		LeaseState.Phase phase = state().phase();
		return (phase == LeaseState.Phase.PAID || phase == LeaseState.Phase.SEATED) ? this.coordinator.ask(timeout)
				: OptionalLong.empty();
	}

	/**
	 * Takes in what came of a fence.
	 * @param grant the leave that the connection was made with
	 * @param fenced what came of it
	 * @return whether the connection may be handed out; if not, close it, and say
	 * {@link #gone} if it is proven gone
	 */
	public boolean fenced(Grant grant, Fenced fenced) {
		List<LeaseCommand> commands = step(
				new ConnectFenced(grant, fenced.session(), fenced.useTaken(), fenced.ownHeld()));
		return commands.stream().anyMatch(HandOut.class::isInstance);
	}

	/**
	 * No session came of a connect, for sure.
	 * @param grant the leave that it was made with
	 */
	public void failed(Grant grant) {
		deliver(new ConnectFailed(grant));
	}

	/**
	 * The server may still have, or get, a session of a connect.
	 * @param grant the leave that it was made with
	 */
	public void unknown(Grant grant) {
		deliver(new ConnectUnknown(grant));
	}

	/**
	 * The session of a connect that was not handed out is proven gone.
	 * @param grant the leave that it was made with
	 */
	public void gone(Grant grant) {
		deliver(new ConnectGone(grant));
	}

	/**
	 * A session that was handed out has been closed.
	 * @param session its identity
	 */
	public void closed(SessionId session) {
		deliver(new SessionClosed(session));
	}

	/**
	 * The instance could use another number of slots.
	 * @param demand what it could use now
	 */
	public void demand(Demand demand) {
		step(new DemandChanged(demand));
	}

	/**
	 * The instance wants to keep another number of connections open when idle.
	 * @param size connections, at least 0
	 */
	public void minimum(int size) {
		step(new MinimumChanged(size));
	}

	/**
	 * The fleet has another number of slots.
	 * @param slots the slots: budget less seats
	 */
	public void slots(int slots) {
		step(new SlotsChanged(slots));
	}

	/**
	 * Leaves the fleet: waits a few seconds for what has to be told to the server.
	 */
	@Override
	public void close() {
		deliver(new Stop());
		this.coordinator.close(Duration.ofSeconds(5));
	}

	void tick() {
		if (state().wakeAt() <= this.nanos.getAsLong()) {
			step(new Tick());
		}
	}

	/** How long until the next tick, in milliseconds. */
	long idleMillis() {
		long left = state().wakeAt() - this.nanos.getAsLong();
		return Math.max(0, TimeUnit.NANOSECONDS.toMillis(left));
	}

	void strangers(Strangers strangers) {
		this.port.strangers(strangers);
	}

	void forbidden(String why) {
		this.port.forbidden(why);
	}

	void limitsMayHaveChanged() {
		this.port.limitsMayHaveChanged();
	}

	boolean hasNarrowLimits() {
		return this.port.hasNarrowLimits();
	}

	/** Members that were last seen. */
	int members() {
		return this.members;
	}

	long now() {
		return this.nanos.getAsLong();
	}

	boolean stopped() {
		return state().phase() == LeaseState.Phase.STOPPED;
	}

	/**
	 * Takes in an event that must not be lost. If that fails, it is taken in again later.
	 */
	private void deliver(LeaseEvent event) {
		try {
			step(event);
		}
		catch (RuntimeException | Error ex) {
			this.coordinator.deliverLater(event);
		}
	}

	/**
	 * Takes in an event. A failure, which can only be a bug or a lack of memory, leaves
	 * the state as it was, and costs the coordinator session: a part of the commands may
	 * be on its way.
	 */
	List<LeaseCommand> step(LeaseEvent event) {
		this.monitor.lock();
		try {
			List<LeaseCommand> commands = advance(event);
			this.changed.signalAll();
			return commands;
		}
		finally {
			this.monitor.unlock();
		}
	}

	private List<LeaseCommand> advance(LeaseEvent event) {
		try {
			LeaseMember.Step step = this.member.step(this.state, event, this.nanos.getAsLong());
			List<LeaseCommand> answers = this.routes.send(step, event);
			this.state = step.state();
			for (LeaseCommand command : step.commands()) {
				if (command instanceof LeaseCommand.Report report) {
					this.members = report.fleet().members().size();
				}
			}
			return answers;
		}
		catch (RuntimeException | Error ex) {
			this.coordinator.fail(ex);
			throw ex;
		}
	}

}
