package io.poolwise.faults;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import io.poolwise.governor.PoolGovernor;

/**
 * One contender in one scenario: its instances, its callers, and what is seen of them.
 */
public final class Trial implements AutoCloseable {

	/** Between two operations of a caller, unless the scenario says otherwise. */
	public static final Duration PACE = Duration.ofMillis(100);

	/** Starts of one instance, as an orchestrator tries again. */
	private static final int STARTS = 6;

	private static final Duration MEETING = Duration.ofSeconds(40);

	private static final Duration STEADY = Duration.ofSeconds(4);

	private final FaultScenario<?> scenario;

	private final Ground ground;

	private final Contender contender;

	private final Path log;

	private final Phaser meeting;

	private final List<Instance> instances = new CopyOnWriteArrayList<>();

	private final Queue<Operation> starts = new ConcurrentLinkedQueue<>();

	private final List<Path> logs = new CopyOnWriteArrayList<>();

	private final long began = System.nanoTime();

	private final Thread observer;

	private volatile int highest;

	private volatile boolean closed;

	private volatile long faultBegan;

	private volatile long faultEnded;

	private volatile long ended;

	Trial(FaultScenario<?> scenario, Ground ground, Contender contender, Path log, Phaser meeting) {
		this.scenario = scenario;
		this.ground = ground;
		this.contender = contender;
		this.log = log;
		this.meeting = meeting;
		this.logs.add(log);
		this.observer = Callers.daemon(this::observe);
		this.observer.start();
	}

	/**
	 * Who plays.
	 * @return the contender
	 */
	public Contender contender() {
		return this.contender;
	}

	/**
	 * Starts instances in this process at once, and returns when all are ready.
	 * @param count how many
	 * @param more properties as {@code key=value}
	 * @return the instances; one that fails to start is tried again a few times
	 */
	public List<Instance> start(int count, String... more) {
		return inParallel(count, (number) -> LocalInstance.start(this.scenario.application(), properties(more)));
	}

	/**
	 * Starts instances in processes of their own at once, and returns when all are ready.
	 * @param count how many
	 * @param more properties as {@code key=value}
	 * @return the instances
	 */
	public List<Instance> startProcesses(int count, String... more) {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		return inParallel(count, (number) -> process(java, System.getProperty("java.class.path"), List.of(), more));
	}

	/**
	 * Starts instances with the version of Poolwise that {@code before=} names, each in a
	 * process of its own, and returns when all are ready.
	 * @param count how many
	 * @return the instances
	 */
	public List<Instance> startEarlier(int count) {
		URL location = PoolGovernor.class.getProtectionDomain().getCodeSource().getLocation();
		String present = Path.of(URI.create(location.toString())).toString();
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString().equals(present) ? FaultsRun.before() : entry)
			.collect(Collectors.joining(File.pathSeparator));
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		return inParallel(count, (number) -> process(java, classPath, List.of()));
	}

	/**
	 * Starts an instance with another Java.
	 * @param java the {@code java} program
	 * @param options options of the JVM
	 * @param more properties as {@code key=value}
	 * @return the instance
	 */
	public Instance startProcess(Path java, List<String> options, String... more) {
		return inParallel(1, (number) -> process(java, System.getProperty("java.class.path"), options, more)).get(0);
	}

	private ProcessInstance process(Path java, String classPath, List<String> options, String... more)
			throws IOException {
		String name = String.valueOf(this.log.getFileName()).replace(".log", "-" + this.logs.size());
		Path path = this.log.resolveSibling(name);
		this.logs.add(path.resolveSibling(name + ".log"));
		return ProcessInstance.start(java, classPath, options, path, this.scenario.application(), properties(more));
	}

	private List<String> properties(String... more) {
		List<String> properties = new ArrayList<>(
				List.of("spring.main.banner-mode=off", "spring.main.log-startup-info=false"));
		// Boot's own values, so that profiles which wait less are no advantage and no
		// fault
		properties
			.addAll(List.of("spring.datasource.hikari.connection-timeout=30000", "spring.data.redis.timeout=60s"));
		properties.addAll(this.contender.properties(this.scenario.instances()));
		properties.addAll(this.ground.properties());
		properties.addAll(List.of(more));
		return properties;
	}

	private List<Instance> inParallel(int count, Starter starter) {
		Instance[] started = new Instance[count];
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = i;
			Thread thread = Callers.daemon(() -> started[number] = persist(starter, number));
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				threads.forEach(Thread::interrupt);
				throw new IllegalStateException("The trial took too long", ex);
			}
		}
		List<Instance> result = List.of(started);
		this.instances.addAll(result);
		return result;
	}

	private Instance persist(Starter starter, int number) {
		for (int i = 0; i < STARTS && !this.closed; i++) {
			long start = System.nanoTime();
			try {
				Instance instance = starter.start(number);
				this.starts.add(new Operation(Operation.Kind.START, start, System.nanoTime(), 0, null));
				return instance;
			}
			catch (Exception ex) {
				StringWriter trace = new StringWriter();
				ex.printStackTrace(new PrintWriter(trace));
				FaultsLog.note("START FAILED " + trace);
				this.starts.add(new Operation(Operation.Kind.START, start, System.nanoTime(), 0, Operation.nameOf(ex)));
				sleep(Duration.ofSeconds(1));
			}
		}
		return new FailedInstance();
	}

	/**
	 * Adds callers to all instances.
	 * @param count how many for each
	 * @param work what they do, ten times a second
	 */
	public void callers(int count, Work work) {
		this.instances.forEach((instance) -> instance.callers(count, PACE, work));
	}

	/**
	 * Begins operations that the fault must not cut, on all instances.
	 * @param count how many for each
	 * @param work the operation
	 */
	public void carry(int count, Work work) {
		this.instances.forEach((instance) -> instance.carry(count, work));
	}

	/**
	 * Lets time pass.
	 * @param time how long
	 */
	public void pass(Duration time) {
		sleep(time);
	}

	/**
	 * Waits for the other contenders, and plays the fault.
	 * @param action the fault, from its begin to its end
	 * @throws Exception what the action throws
	 */
	public void fault(Action action) throws Exception {
		meet();
		if (this.faultBegan == 0) {
			this.faultBegan = System.nanoTime();
		}
		FaultsLog.note("-- fault begins");
		action.run();
		this.faultEnded = System.nanoTime();
		FaultsLog.note("-- fault ends");
	}

	private void meet() throws InterruptedException {
		try {
			this.meeting.awaitAdvanceInterruptibly(this.meeting.arrive(), MEETING.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			FaultsLog.note("-- the other contenders are late");
		}
	}

	/**
	 * Waits until operations succeed steadily, and those that must not be cut are done.
	 * @param most how long at most
	 */
	public void settle(Duration most) {
		long deadline = System.nanoTime() + most.toNanos();
		while (System.nanoTime() < deadline && !isSettled()) {
			sleep(Duration.ofMillis(250));
		}
	}

	private boolean isSettled() {
		if (this.instances.stream().mapToInt(Instance::carried).sum() > 0) {
			return false;
		}
		long now = System.nanoTime();
		double back = Recovery.seconds(operations(), this.faultBegan, this.faultEnded, now);
		return !Double.isNaN(back) && now - this.faultEnded - back * 1e9 > STEADY.toNanos();
	}

	private List<Operation> operations() {
		List<Operation> operations = new ArrayList<>(this.starts);
		this.instances.forEach((instance) -> operations.addAll(instance.operations()));
		return operations;
	}

	private void observe() {
		while (!this.closed) {
			this.highest = Math.max(this.highest, this.ground.sessions());
			LockSupport.parkNanos(50_000_000);
		}
	}

	/** Ends the callers, and tells what was seen. */
	Measurement measure() throws IOException {
		this.ended = System.nanoTime();
		List<Thread> stopping = this.instances.stream()
			.map((instance) -> Callers.daemon(instance::stopCallers))
			.toList();
		stopping.forEach(Thread::start);
		for (Thread thread : stopping) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException("The trial took too long", ex);
			}
		}
		long begin = (this.faultBegan != 0) ? this.faultBegan : this.began;
		long end = (this.faultEnded != 0) ? this.faultEnded : this.began;
		long lines = FaultsLog.count(this.logs, begin, this.ended);
		double perMinute = lines * 60e9 / (this.ended - begin);
		return Measurement.of(operations(), begin, end, this.ended, perMinute, this.highest);
	}

	@Override
	public void close() {
		this.closed = true;
		List<Thread> closing = new ArrayList<>();
		for (Instance instance : this.instances) {
			Thread thread = Callers.daemon(instance::close);
			closing.add(thread);
			thread.start();
		}
		for (Thread thread : closing) {
			try {
				thread.join(60_000);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	static void sleep(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			if (Thread.currentThread().isInterrupted()) {
				throw new IllegalStateException("The trial took too long");
			}
			LockSupport.parkNanos(left);
		}
	}

	/**
	 * What happens during a fault.
	 */
	@FunctionalInterface
	public interface Action {

		/**
		 * Plays it.
		 * @throws Exception if it can't be played
		 */
		void run() throws Exception;

	}

	@FunctionalInterface
	private interface Starter {

		Instance start(int number) throws Exception;

	}

}
