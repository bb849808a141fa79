package io.poolwise.sample.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

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

	private int started;

	private int failedStarts;

	Fleet(LoadSettings settings, List<Path> libraries, List<String> properties, Path folder) {
		this.settings = settings;
		this.libraries = libraries;
		this.properties = properties;
		this.folder = folder;
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	/** Starts instances at once, and returns when all are ready, or given up. */
	List<Instance> start(int count) throws IOException, InterruptedException {
		List<Instance> starting = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			starting.add(launch());
		}
		List<Instance> ready = new ArrayList<>();
		for (Instance instance : starting) {
			Instance current = instance;
			for (int attempt = 1; !current.awaitReady(); attempt++) {
				forget(current);
				this.failedStarts++;
				if (attempt == ATTEMPTS) {
					break;
				}
				LockSupport.parkNanos(BACK_OFF.toNanos());
				current = launch();
			}
			if (alive().contains(current)) {
				ready.add(current);
			}
		}
		return ready;
	}

	private Instance launch() throws IOException {
		Path log = this.folder.resolve("instance-" + this.started++ + ".log");
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
		return this.failedStarts;
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
