package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * Which profile's defaults apply, and why.
 *
 * @param profile the profile
 * @param why the reason, to be read after the profile's name
 * @param passedOver another active Spring profile that is known too and lost, if any
 */
record ProfileChoice(PoolProfile profile, String why, @Nullable String passedOver) {

	private static final String KEY = "pool.profile";

	/**
	 * Chooses: {@code pool.profile}, else the last active Spring profile that is known,
	 * else {@code prod} on a cloud platform, else {@code dev}.
	 * @param environment the environment, with its profiles active
	 * @return the choice
	 * @throws InvalidConfigurationPropertyValueException if {@code pool.profile} is not
	 * known
	 */
	static ProfileChoice of(Environment environment) {
		String told = environment.getProperty(KEY);
		if (told != null && !told.isBlank()) {
			PoolProfile profile = PoolProfile.find(told)
				.orElseThrow(() -> new InvalidConfigurationPropertyValueException(KEY, told,
						"There is no such profile. Use one of " + String.join(", ", PoolProfile.known()) + "."));
			return new ProfileChoice(profile, "because pool.profile says so", null);
		}
		List<String> active = new ArrayList<>();
		for (String name : environment.getActiveProfiles()) {
			if (PoolProfile.find(name).isPresent()) {
				active.add(name);
			}
		}
		if (!active.isEmpty()) {
			String last = active.get(active.size() - 1);
			String other = (active.size() > 1) ? active.get(active.size() - 2) : null;
			return new ProfileChoice(PoolProfile.find(last).orElseThrow(),
					"because the Spring profile '" + last + "' is active", other);
		}
		CloudPlatform platform = CloudPlatform.getActive(environment);
		return (platform != null) ? new ProfileChoice(PoolProfile.PROD,
				"because this is " + platform + " and no known profile is active", null)
				: new ProfileChoice(PoolProfile.DEV, "because no known profile is active", null);
	}

	@Override
	public String toString() {
		return "Pool profile " + this.profile.id() + ", " + this.why + ((this.passedOver != null)
				? " (and comes after '" + this.passedOver + "'; set pool.profile to choose another)" : "");
	}

}
