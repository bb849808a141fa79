package io.poolwise.governor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The pools that a governor knows, in the order in which they came. Written under the
 * governor's lock, read under its own: who looks at the pools never waits for one that is
 * being told its size.
 */
final class Members {

	private final Map<String, Member> byName = Collections.synchronizedMap(new LinkedHashMap<>());

	@Nullable Member get(String name) {
		return this.byName.get(name);
	}

	/**
	 * Takes a pool in, or what is known of it from now on.
	 */
	void put(Member member) {
		this.byName.put(member.name(), member);
	}

	@Nullable Member remove(String name) {
		return this.byName.remove(name);
	}

	List<Member> all() {
		synchronized (this.byName) {
			return List.copyOf(this.byName.values());
		}
	}

	List<Member> on(Object server) {
		return all().stream().filter((member) -> member.server().equals(server)).toList();
	}

	Set<String> names() {
		return all().stream().map(Member::name).collect(Collectors.toSet());
	}

}
