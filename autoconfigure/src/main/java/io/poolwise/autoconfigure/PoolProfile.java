package io.poolwise.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A named set of defaults.
 */
enum PoolProfile {

	DEV("dev", "development", "local"), PROD("prod", "production", "staging"), TEST("test", "ci");

	@SuppressWarnings("ImmutableEnumChecker") // List.of is
	private final List<String> names;

	PoolProfile(String... names) {
		this.names = List.of(names);
	}

	/**
	 * The name that keys, logs and JSON use.
	 */
	String id() {
		return this.names.get(0);
	}

	/**
	 * Finds a profile by its name or an alias, in any case.
	 */
	static Optional<PoolProfile> find(String name) {
		String wanted = name.strip().toLowerCase(Locale.ROOT);
		return Arrays.stream(values()).filter((profile) -> profile.names.contains(wanted)).findFirst();
	}

	/**
	 * All names and aliases, for a message.
	 */
	static List<String> known() {
		return Arrays.stream(values()).flatMap((profile) -> profile.names.stream()).toList();
	}

}
