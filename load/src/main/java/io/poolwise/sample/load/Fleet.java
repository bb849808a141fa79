package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The instances of one run. One whose start fails is started again, as an orchestrator
 * does, but not for ever.
 */
final class Fleet implements AutoCloseable {

	private static final int ATTEMPTS = 3;

	private static final Duration BACK_OFF = Duration.ofSeconds(2);

	private final LoadSettings settings;

	private final List<Path> libraries;

	private final List<String> properties;

	private final Path folder;

	private final List<Instance> instances = new ArrayList<>();

	/** So that no instance outlives an interrupted run. */
	private final Thread hook = new Thread(this::killAll, "fleet-hook");

	private final AtomicInteger started = new AtomicInteger();

	private final AtomicInteger failedStarts = new AtomicInteger();

	Fleet(LoadSettings settings, List<Path> libraries, List<String> properties, Path folder) {
		this.settings = settings;
		this.libraries = libraries;
		this.properties = properties;
		this.folder = folder;
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	/** Starts instances at once, and returns when all are ready, or given up. */
	List<Instance> start(int count) throws InterruptedException, ExecutionException {
		return start(count, (ready) -> {
		});
	}

	/**
	 * Starts instances at once, and returns when all are ready, or given up.
	 * @param count how many
	 * @param whenReady is told of each as soon as it is ready, in the caller's thread
	 */
	List<Instance> start(int count, Consumer<Instance> whenReady) throws InterruptedException, ExecutionException {
		ExecutorService starters = Executors.newFixedThreadPool(count);
		try {
			CompletionService<Optional<Instance>> starts = new ExecutorCompletionService<>(starters);
			for (int i = 0; i < count; i++) {
				starts.submit(this::startOne);
			}
			List<Instance> ready = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				starts.take().get().ifPresent((instance) -> {
					ready.add(instance);
					whenReady.accept(instance);
				});
			}
			return ready;
		}
		finally {
			starters.shutdownNow();
			boolean unused = starters.awaitTermination(BACK_OFF.toSeconds(), TimeUnit.SECONDS);
		}
	}

	private Optional<Instance> startOne() throws IOException, InterruptedException {
		for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
			Instance instance = launch();
			if (instance.awaitReady()) {
				return Optional.of(instance);
			}
			forget(instance);
			this.failedStarts.incrementAndGet();
			if (attempt < ATTEMPTS) {
				LockSupport.parkNanos(BACK_OFF.toNanos());
			}
		}
		return Optional.empty();
	}

	private Instance launch() throws IOException {
		Path log = this.folder.resolve("instance-" + this.started.getAndIncrement() + ".log");
		Instance instance = Instance.start(this.settings.jar(), this.libraries, this.properties, log);
		synchronized (this.instances) {
			this.instances.add(instance);
		}
		return instance;
	}

	private void forget(Instance instance) {
		synchronized (this.instances) {
			this.instances.remove(instance);
		}
	}

	/** All instances, those that are starting included. */
	List<Instance> alive() {
		synchronized (this.instances) {
			return List.copyOf(this.instances);
		}
	}

	/** Stops these at once, as who scales in does, and returns when they have ended. */
	void stop(List<Instance> instances) throws InterruptedException {
		instances.forEach(Instance::stop);
		for (Instance instance : instances) {
			instance.awaitEnd();
			forget(instance);
		}
	}

	int failedStarts() {
		return this.failedStarts.get();
	}

	private void killAll() {
		alive().forEach(Instance::close);
	}

	@Override
	public void close() {
		killAll();
		Runtime.getRuntime().removeShutdownHook(this.hook);
	}

}
