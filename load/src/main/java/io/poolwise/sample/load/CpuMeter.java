package io.poolwise.sample.load;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the processes below this one have used of the processors. A process that ends
 * between two looks loses what it used since the last one.
 */
final class CpuMeter {

	/** Who used it. */
	enum Group {

		/** Everything that is not named below. */
		SERVERS,

		/** The sample's processes. */
		INSTANCES,

		/** Gatling. */
		USERS

	}

	private final Map<Long, Duration> seen = new HashMap<>();

	private final Map<Long, Group> groups = new HashMap<>();

	/** Looks at all processes. */
	synchronized void look(Set<Long> instances, long users) {
		ProcessHandle.current()
			.descendants()
			.forEach((process) -> process.info().totalCpuDuration().ifPresent((used) -> {
				long pid = process.pid();
				this.seen.put(pid, used);
				this.groups.put(pid, instances.contains(pid) ? Group.INSTANCES
						: (pid == users) ? Group.USERS : this.groups.getOrDefault(pid, Group.SERVERS));
			}));
	}

	/** What was used so far, by group, in seconds. */
	synchronized Map<Group, Double> used() {
		Map<Group, Double> used = new EnumMap<>(Group.class);
		for (Group group : Group.values()) {
			used.put(group, 0.0);
		}
		this.seen.forEach((pid, time) -> used.merge(this.groups.getOrDefault(pid, Group.SERVERS),
				time.toMillis() / 1000.0, Double::sum));
		return used;
	}

}
