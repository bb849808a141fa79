package io.poolwise.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The callers of one instance. Each is a thread that runs its work again and again, and
 * reports every operation.
 */
final class Callers {

	private final Beans beans;

	private final Consumer<Operation> sink;

	private final ThreadFactory threads;

	private final Map<Thread, Operation> running = new ConcurrentHashMap<>();

	private final AtomicInteger carried = new AtomicInteger();

	private volatile boolean stopped;

	Callers(Beans beans, Consumer<Operation> sink, ThreadFactory threads) {
		this.beans = beans;
		this.sink = sink;
		this.threads = threads;
	}

	static Thread daemon(Runnable work) {
		Thread thread = new Thread(work, "caller");
		thread.setDaemon(true);
		return thread;
	}

	void steady(int count, Duration pace, Work work) {
		for (int i = 0; i < count; i++) {
			this.threads.newThread(() -> repeat(pace.toNanos(), work)).start();
		}
	}

	void carry(int count, Work work) {
		this.carried.addAndGet(count);
		for (int i = 0; i < count; i++) {
			this.threads.newThread(() -> {
				run(Operation.Kind.CARRIED, 0, work);
				this.carried.decrementAndGet();
			}).start();
		}
	}

	/** Operations that must not be cut and still run. */
	int carried() {
		return this.carried.get();
	}

	/** Interrupts the callers in the middle of what they do. */
	void interrupt() {
		this.running.keySet().forEach(Thread::interrupt);
	}

	private void repeat(long pace, Work work) {
		long next = System.nanoTime() + ((pace > 0) ? ThreadLocalRandom.current().nextLong(pace) : 0);
		while (!this.stopped) {
			for (long wait = next - System.nanoTime(); wait > 0 && !this.stopped; wait = next - System.nanoTime()) {
				LockSupport.parkNanos(wait);
				Thread.interrupted();
			}
			run(Operation.Kind.STEADY, pace, work);
			next = Math.max(next + pace, System.nanoTime());
		}
	}

	private void run(Operation.Kind kind, long pace, Work work) {
		long start = System.nanoTime();
		this.running.put(Thread.currentThread(), new Operation(kind, start, start, pace, Operation.HUNG));
		String failure = null;
		try {
			work.run(this.beans);
		}
		catch (Throwable ex) {
			failure = Operation.nameOf(ex);
			FailureLog.add(ex);
		}
		if (this.running.remove(Thread.currentThread()) != null) {
			this.sink.accept(new Operation(kind, start, System.nanoTime(), pace, failure));
		}
	}

	/**
	 * Ends the callers. Operations that don't end in time are reported as hung.
	 */
	void stop(Duration patience) {
		this.stopped = true;
		long deadline = System.nanoTime() + patience.toNanos();
		while (!this.running.isEmpty() && System.nanoTime() < deadline) {
			LockSupport.parkNanos(10_000_000);
		}
		for (Thread thread : List.copyOf(this.running.keySet())) {
			Operation open = this.running.remove(thread);
			if (open != null) {
				this.sink
					.accept(new Operation(open.kind(), open.start(), System.nanoTime(), open.pace(), Operation.HUNG));
				thread.interrupt();
			}
		}
	}

}
