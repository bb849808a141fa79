package io.poolwise.faults;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.context.support.GenericApplicationContext;

/**
 * An instance that didn't start: whatever is asked of it fails.
 */
final class FailedInstance implements Instance {

	private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

	private final Callers callers = new Callers(new Beans(new GenericApplicationContext()), this.operations::add,
			Callers::daemon);

	@Override
	public void callers(int count, Duration pace, Work work) {
		Duration retry = pace.isZero() ? Duration.ofMillis(100) : pace;
		this.callers.steady(count, retry, (beans) -> {
			throw new IllegalStateException("the instance did not start");
		});
	}

	@Override
	public void carry(int count, Work work) {
		this.callers.carry(count, (beans) -> {
			throw new IllegalStateException("the instance did not start");
		});
	}

	@Override
	public int carried() {
		return this.callers.carried();
	}

	@Override
	public List<Operation> operations() {
		return List.copyOf(this.operations);
	}

	@Override
	public void stopCallers() {
		this.callers.stop(Duration.ZERO);
	}

	@Override
	public void close() {
	}

}
