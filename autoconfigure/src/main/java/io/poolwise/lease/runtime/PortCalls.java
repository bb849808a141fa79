package io.poolwise.lease.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

import io.poolwise.lease.LeaseCommand;
import io.poolwise.lease.LeaseCommand.Close;
import io.poolwise.lease.LeaseCommand.Report;
import io.poolwise.lease.LeaseCommand.Resize;
import io.poolwise.lease.LeaseCommand.Retire;
import io.poolwise.lease.LeaseState;
import io.poolwise.lease.Strangers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the pools, one call after the other and in order, outside of the monitor.
 */
final class PortCalls {

	private static final Logger logger = LoggerFactory.getLogger(LeaseRuntime.class);

	private final LeasePort port;

	private final Executor executor;

	private final Deque<Runnable> calls = new ArrayDeque<>();

	private boolean running;

	private String reason = "joining";

	PortCalls(LeasePort port, Executor executor) {
		this.port = port;
		this.executor = executor;
	}

	/** Called under the monitor. */
	void add(LeaseCommand command, LeaseState state) {
		if (command instanceof Retire retire) {
			add(() -> this.port.retire(retire.session()));
		}
		else if (command instanceof Close close) {
			add(() -> this.port.cut(close.session()));
		}
		else if (command instanceof Report report) {
			add(() -> this.port.report(report.fleet()));
		}
		else {
			if (command instanceof Resize resize) {
				this.reason = resize.reason();
			}
			int sessions = state.allowed();
			boolean open = state.gateOpen();
			String why = this.reason;
			add(() -> this.port.allow(sessions, open, why));
		}
	}

	void strangers(Strangers strangers) {
		add(() -> this.port.strangers(strangers));
	}

	boolean hasNarrowLimits() {
		return this.port.hasNarrowLimits();
	}

	private void add(Runnable call) {
		boolean idle;
		synchronized (this.calls) {
			this.calls.addLast(call);
			idle = !this.running;
			this.running = true;
		}
		if (idle) {
			this.executor.execute(this::run);
		}
	}

	private void run() {
		for (Runnable call = next(); call != null; call = next()) {
			try {
				call.run();
			}
			catch (RuntimeException ex) {
				logger.warn("A pool could not be told what its leases are", ex);
			}
		}
	}

	private @Nullable Runnable next() {
		synchronized (this.calls) {
			Runnable call = this.calls.pollFirst();
			if (call == null) {
				this.running = false;
			}
			return call;
		}
	}

}
