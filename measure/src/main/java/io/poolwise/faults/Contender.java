package io.poolwise.faults;

import java.util.List;
import java.util.Locale;

/**
 * One way to run the same application.
 */
public enum Contender {

	/** Spring Boot as it is. */
	STOCK {

		@Override
		List<String> properties(int instances) {
			return List.of("pool.enabled=false");
		}

	},

	/** Poolwise, which is told the number of instances. */
	FIXED {

		@Override
		List<String> properties(int instances) {
			return List.of("spring.profiles.active=prod", "pool.replicas=" + instances);
		}

	},

	/** Poolwise as the profile {@code prod} runs it. */
	LEASES {

		@Override
		List<String> properties(int instances) {
			return List.of("spring.profiles.active=prod");
		}

	};

	/**
	 * The properties that make the difference.
	 * @param instances how many instances the application has
	 * @return properties as {@code key=value}
	 */
	abstract List<String> properties(int instances);

	/**
	 * The name in the table and in file names.
	 * @return the name in lower case
	 */
	public String key() {
		return name().toLowerCase(Locale.ROOT);
	}

}
