package io.poolwise.autoconfigure;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
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
			PoolProfile profile = PoolProfile.find(told).orElseThrow(() -> unknown(told, environment));
			return new ProfileChoice(profile, "because pool.profile says so", null);
		}
		ProfileChoice active = byActiveProfiles(environment.getActiveProfiles());
		return (active != null) ? active : byPlatform(environment);
	}

	private static @Nullable ProfileChoice byActiveProfiles(String[] names) {
		PoolProfile profile = null;
		String last = "";
		String passedOver = null;
		for (String name : names) {
			PoolProfile known = PoolProfile.find(name).orElse(null);
			if (known != null) {
				passedOver = (profile != null && profile != known) ? last : passedOver;
				profile = known;
				last = name;
			}
		}
		return (profile != null)
				? new ProfileChoice(profile, "because the Spring profile '" + last + "' is active", passedOver) : null;
	}

	private static ProfileChoice byPlatform(Environment environment) {
		CloudPlatform platform = CloudPlatform.getActive(environment);
		if (platform == null || platform == CloudPlatform.NONE) {
			return new ProfileChoice(PoolProfile.DEV, "because no known profile is active", null);
		}
		String name = platform.name().toLowerCase(Locale.ROOT).replace('_', '-');
		return new ProfileChoice(PoolProfile.PROD,
				"because the cloud platform is " + name + " and no known profile is active", null);
	}

	/**
	 * Boot's analysis of a failure this early can't look up where the value comes from.
	 */
	private static InvalidConfigurationPropertyValueException unknown(String name, Environment environment) {
		String origin = "";
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(ConfigurationPropertyName.of(KEY));
			if (property != null) {
				origin = " (originating from '" + property.getOrigin() + "')";
				break;
			}
		}
		return new InvalidConfigurationPropertyValueException(KEY, name,
				"There is no such profile" + origin + ". Use one of " + String.join(", ", PoolProfile.known()) + ".");
	}

	@Override
	public String toString() {
		return "Pool profile " + this.profile.id() + ", " + this.why + ((this.passedOver != null)
				? " (and comes after '" + this.passedOver + "'; set pool.profile to choose another)" : "");
	}

}
