package io.poolwise.lease;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.CloseCoordinator;
import io.poolwise.lease.LeaseCommand.GrantConnect;
import io.poolwise.lease.LeaseCommand.HandOut;
import io.poolwise.lease.LeaseCommand.OpenCoordinator;
import io.poolwise.lease.LeaseCommand.OpenGate;
import io.poolwise.lease.LeaseCommand.RefuseConnect;
import io.poolwise.lease.LeaseCommand.Resize;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseEvent.ConnectRequested;
import io.poolwise.lease.LeaseEvent.CoordinatorGone;
import io.poolwise.lease.LeaseEvent.CoordinatorLost;
import io.poolwise.lease.LeaseEvent.CoordinatorOpenFailed;
import io.poolwise.lease.LeaseEvent.CoordinatorOpened;
import io.poolwise.lease.LeaseEvent.DemandChanged;
import io.poolwise.lease.LeaseEvent.SessionClosed;
import io.poolwise.lease.LeaseEvent.Tick;
import io.poolwise.lease.SimulatedServer.Epoch;
import io.poolwise.lease.SimulatedServer.Session;

/**
 * One instance: the real state machine, a pool that uses what it may, and a network that
 * takes its time.
 */
final class SimulatedMember {

	private final Simulation simulation;

	private final LeaseMember machine;

	final int number;

	LeaseState state;

	/** Raised by a kill: what was on its way to the old one is lost. */
	int incarnation;

	int load;

	private DemandEstimator estimator = DemandEstimator.startingAt(0);

	Session coordinator;

	private Epoch epoch = new Epoch();

	final Map<SessionId, Session> running = new HashMap<>();

	private int connecting;

	private final Set<Session> closing = new LinkedHashSet<>();

	private long wokenAt = Long.MAX_VALUE;

	private boolean asking;

	private boolean hinted;

	SimulatedMember(Simulation simulation, int number) {
		this.simulation = simulation;
		this.number = number;
		this.machine = new LeaseMember(simulation.settings(number));
		this.state = start();
	}

	private LeaseState start() {
		return this.machine.start(this.simulation.server.slots, this.simulation.random.nextLong(), this.simulation.now);
	}

	void begin() {
		step(new Tick());
	}

	void sample() {
		int busy = Math.min(this.load, this.running.size());
		this.estimator = this.estimator.observe(this.simulation.now, busy, this.load - busy);
		if (!this.estimator.demand().equals(this.state.demand)) {
			step(new DemandChanged(this.estimator.demand()));
		}
		connect();
	}

	void hint() {
		if (this.coordinator != null) {
			this.simulation.messages++;
			if (!this.hinted) {
				this.hinted = true;
				later(this.simulation.latency(), () -> {
					this.hinted = false;
					step(new LeaseEvent.Notified(this.state.epoch));
				});
			}
		}
	}

	void kill() {
		this.incarnation++;
		this.simulation.server.lose(this.epoch);
		this.running.values().forEach(this::reap);
		this.running.clear();
		if (this.coordinator != null) {
			reap(this.coordinator);
		}
		this.coordinator = null;
		this.connecting = 0;
		this.closing.clear();
		this.asking = false;
		this.hinted = false;
		this.wokenAt = Long.MAX_VALUE;
		this.state = start();
		later(this.simulation.millis(200, 600), this::begin);
	}

	void loseCoordinator(boolean serverKnows) {
		Session lost = this.coordinator;
		if (lost == null) {
			return;
		}
		if (serverKnows) {
			this.simulation.server.lose(this.epoch);
			this.simulation.drop(lost);
		}
		int current = this.state.epoch;
		later(this.simulation.latency(), () -> step(new CoordinatorLost(current)));
	}

	void loseSession() {
		this.running.values().stream().findFirst().ifPresent((session) -> {
			this.simulation.drop(session);
			later(this.simulation.millis(1, 500), () -> closed(session));
		});
	}

	void unlockAll() {
		this.running.values().stream().findFirst().ifPresent(this.simulation.server::unlockAll);
	}

	/** After a restart of the server: every session is found broken. */
	void noticeRestart() {
		for (Session session : List.copyOf(this.running.values())) {
			later(this.simulation.millis(1, 300), () -> closed(session));
		}
		loseCoordinator(true);
	}

	void step(LeaseEvent event) {
		LeaseMember.Step step = this.machine.step(this.state, event, this.simulation.now);
		this.state = step.state();
		step.commands().forEach(this::carryOut);
		long wake = this.state.wakeAt();
		if (wake < this.wokenAt || this.wokenAt <= this.simulation.now) {
			this.wokenAt = wake;
			if (wake != Long.MAX_VALUE) {
				later(Math.max(0, wake - this.simulation.now), () -> {
					if (this.wokenAt == wake) {
						this.wokenAt = Long.MAX_VALUE;
						step(new Tick());
					}
				});
			}
		}
	}

	private void carryOut(LeaseCommand command) {
		SimulatedServer server = this.simulation.server;
		if (command instanceof OpenCoordinator open) {
			openCoordinator(open.epoch());
		}
		else if (command instanceof CloseCoordinator close) {
			Session closed = this.coordinator;
			this.coordinator = null;
			server.lose(this.epoch);
			if (closed != null) {
				long gone = this.simulation.millis(3, 14);
				// the server ends it even if this instance is killed meanwhile
				this.simulation.after(gone, () -> this.simulation.drop(closed));
				later(gone, () -> {
					this.simulation.hintAll(this);
					step(new CoordinatorGone(close.epoch()));
				});
			}
		}
		else if (command instanceof GrantConnect grant) {
			this.connecting++;
			new SimulatedConnect(this.simulation, this, this.epoch).begin(grant.grant());
		}
		else if (command instanceof HandOut handOut) {
			Session session = server.sessions.get(handOut.session());
			if (session != null) {
				server.settle(session);
				this.running.put(session.id, session);
			}
			else {
				later(this.simulation.latency(), () -> step(new SessionClosed(handOut.session())));
			}
			shrink();
			connect();
		}
		else if (command instanceof Close close) {
			Session session = this.running.remove(close.session());
			Session alive = (session != null) ? session : server.sessions.get(close.session());
			if (alive != null) {
				reap(alive);
			}
		}
		else if (command instanceof Retire retire) {
			Session session = this.running.get(retire.session());
			if (session != null) {
				later(this.simulation.statement(), () -> closed(session));
			}
		}
		else if (command instanceof Resize) {
			shrink();
			connect();
		}
		else if (command instanceof OpenGate) {
			connect();
		}
		else if (command instanceof RefuseConnect) {
			askLater();
		}
		else {
			ask(command);
		}
	}

	private void openCoordinator(int epochNumber) {
		Epoch opened = new Epoch();
		this.epoch = opened;
		this.simulation.messages++;
		later(this.simulation.millis(3, 9), () -> {
			if (this.simulation.refusing) {
				step(new CoordinatorOpenFailed(epochNumber));
				return;
			}
			Session session = this.simulation.server.accept(opened, 0);
			int seat = this.simulation.server.takeSeat(session);
			if (seat != 0) {
				this.simulation.server.settle(session);
			}
			int of = this.incarnation;
			this.simulation.after(this.simulation.latency(), () -> {
				if (of != this.incarnation) {
					reap(session);
				}
				else {
					this.coordinator = session;
					step(new CoordinatorOpened(epochNumber, session.id, seat));
				}
			});
		});
	}

	private void ask(LeaseCommand command) {
		if (command instanceof LeaseCommand.CloseGate || command instanceof LeaseCommand.Report
				|| command instanceof LeaseCommand.Recount) {
			return;
		}
		this.simulation.messages++;
		Session session = this.coordinator;
		int current = this.state.epoch;
		later(this.simulation.latency(), () -> {
			boolean broken = session == null || session.gone;
			LeaseEvent answer = broken ? new CoordinatorLost(current)
					: SimulatedAnswers.answer(this.simulation, this, session, current, command);
			later(this.simulation.latency(), () -> step(answer));
		});
	}

	void connected() {
		this.connecting = 0;
	}

	void connect() {
		int wanted = Math.min(Math.max(this.simulation.minimumSize, this.load), this.state.allowed());
		if (this.state.gateOpen() && this.connecting == 0 && this.running.size() < wanted) {
			step(new ConnectRequested());
		}
	}

	private void askLater() {
		if (!this.asking) {
			this.asking = true;
			later(this.simulation.millis(10, 30), () -> {
				this.asking = false;
				connect();
			});
		}
	}

	private void shrink() {
		int excess = this.running.size() - this.closing.size() - this.state.allowed();
		for (Session session : List.copyOf(this.running.values())) {
			if (excess > 0 && this.closing.add(session)) {
				excess--;
				later(this.simulation.statement(), () -> {
					this.closing.remove(session);
					if (this.running.size() > this.state.allowed()) {
						closed(session);
						shrink();
					}
				});
			}
		}
	}

	private void closed(Session session) {
		if (this.running.remove(session.id) != null) {
			reap(session);
			step(new SessionClosed(session.id));
			connect();
		}
	}

	void reap(Session session) {
		this.simulation.after(this.simulation.millis(3, 14), () -> this.simulation.drop(session));
	}

	void later(long nanos, Runnable action) {
		int of = this.incarnation;
		this.simulation.after(nanos, () -> {
			if (of == this.incarnation) {
				action.run();
			}
		});
	}

}
