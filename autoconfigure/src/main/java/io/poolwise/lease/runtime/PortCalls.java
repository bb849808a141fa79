package io.poolwise.lease.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

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
import org.slf4j.event.Level;

/**
 * Calls the pools, one call after the other and in order, outside of the monitor.
 */
final class PortCalls {

	private static final Logger logger = LoggerFactory.getLogger(LeaseRuntime.class);

	private static final long AGAIN_MILLIS = 1000;

	private final LeasePort port;

	private final Executor executor;

	private final Deque<Runnable> calls = new ArrayDeque<>();

	private boolean running;

	private volatile boolean failing;

	private String reason = "joining";

	/** Tells the pools what they may have now. */
	private volatile @Nullable Runnable latest;

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
			Runnable call = () -> this.port.allow(sessions, open, why);
			this.latest = call;
			add(call);
		}
	}

	void strangers(Strangers strangers) {
		add(() -> this.port.strangers(strangers));
	}

	void forbidden(String why) {
		add(() -> this.port.forbidden(why));
	}

	void limitsMayHaveChanged() {
		add(this.port::limitsMayHaveChanged);
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
			start();
		}
	}

	private void start() {
		boolean started = false;
		try {
			this.executor.execute(this::run);
			started = true;
		}
		finally {
			if (!started) {
				// the next call starts it
				synchronized (this.calls) {
					this.running = false;
				}
			}
		}
	}

	private void run() {
		for (Runnable call = next(); call != null; call = next()) {
			try {
				call.run();
				this.failing = false;
			}
			catch (RuntimeException | Error ex) {
				logger.atLevel(this.failing ? Level.DEBUG : Level.WARN)
					.setCause(ex)
					.log("A pool could not be told what its leases are");
				this.failing = true;
				tellAgain(call);
			}
		}
	}

	/**
	 * The pools have to learn what they may have now; what they missed otherwise comes
	 * with the next snapshot.
	 */
	private void tellAgain(Runnable failed) {
		if (failed == this.latest) {
			CompletableFuture.delayedExecutor(AGAIN_MILLIS, TimeUnit.MILLISECONDS, this.executor).execute(() -> {
				if (failed == this.latest) {
					add(failed);
				}
			});
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
