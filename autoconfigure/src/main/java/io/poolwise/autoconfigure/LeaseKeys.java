package io.poolwise.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.poolwise.autoconfigure.PoolProperties.Leases;
import io.poolwise.fleet.LeaseOptions;
import io.poolwise.fleet.LeaseOptions.Coordination;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What the keys say of leases.
 */
final class LeaseKeys {

	private static final Duration LEAST_POLL = Duration.ofMillis(100);

	private LeaseKeys() {
	}

	static LeaseOptions options(PoolKeys keys, Leases leases) {
		String namespace = leases.namespace();
		check("pool.leases.namespace", namespace, namespace.matches("[\\w.:-]{1,64}"),
				"A namespace has 1 to 64 letters, digits, '_', '-', '.' or ':'.");
		check("pool.leases.seats", leases.seats(), leases.seats() >= 1 && leases.seats() <= 100,
				"There are 1 to 100 seats; without one, no instance could join.");
		check("pool.leases.poll-interval", leases.pollInterval(), leases.pollInterval().compareTo(LEAST_POLL) >= 0,
				"The least is 100ms: every instance asks the server that often.");
		return new LeaseOptions(leases.mode() == Leases.Mode.ON, namespace, leases.seats(), leases.pollInterval(),
				coordination(keys, leases));
	}

	private static Coordination coordination(PoolKeys keys, Leases leases) {
		Optional<String> url = keys.secret(LeaseUrl.KEY).filter((text) -> !text.isBlank()).map(LeaseUrl::checked);
		// read in any case, so that one that can't be read is reported
		String password = keys.secret("pool.leases.password").orElse(null);
		return url.<Coordination>map((there) -> new CoordinationDatabase(there, leases.username(), password))
			.orElse(Coordination.OF_THE_POOL);
	}

	private static void check(String key, Object value, boolean valid, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(key, value, reason);
		}
	}

}
