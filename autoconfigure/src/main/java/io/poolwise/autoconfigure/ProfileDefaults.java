package io.poolwise.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * The application's default properties with a profile's defaults under them: at the
 * lowest precedence there is, and still known apart from what somebody set.
 */
final class ProfileDefaults extends DefaultPropertiesPropertySource {

	private static final String EXPOSURE = "management.endpoints.web.exposure.include";

	private static final String EXPOSED = "health,prometheus,dbpool,pools";

	private final PoolProfile profile;

	private final Map<String, Object> application;

	private ProfileDefaults(PoolProfile profile, Map<String, Object> application, Map<String, Object> merged) {
		super(merged);
		this.profile = profile;
		this.application = application;
	}

	/**
	 * Puts a profile's defaults under an application's default properties.
	 * @param profile the profile
	 * @param expose whether the endpoints are exposed by default
	 * @param sources what to change
	 */
	static void addTo(MutablePropertySources sources, PoolProfile profile, boolean expose) {
		Map<String, Object> application = applicationDefaults(sources.get(NAME));
		Map<String, Object> merged = new LinkedHashMap<>();
		PropertiesFile.read(profile).forEach((key, value) -> merged.put(key, value));
		if (expose) {
			merged.put(EXPOSURE, EXPOSED);
		}
		Set<ConfigurationPropertyName> set = new HashSet<>();
		application.keySet().forEach((key) -> set.add(ConfigurationPropertyName.adapt(key, '.')));
		merged.keySet().removeIf((key) -> set.contains(ConfigurationPropertyName.of(key)));
		merged.putAll(application);
		ProfileDefaults defaults = new ProfileDefaults(profile, application, merged);
		if (sources.contains(NAME)) {
			sources.replace(NAME, defaults);
		}
		else {
			sources.addLast(defaults);
		}
	}

	private static Map<String, Object> applicationDefaults(@Nullable PropertySource<?> source) {
		if (source instanceof ProfileDefaults defaults) {
			return defaults.application;
		}
		Map<String, Object> defaults = new LinkedHashMap<>();
		if (source != null && source.getSource() instanceof Map<?, ?> map) {
			map.forEach((key, value) -> defaults.put(String.valueOf(key), value));
		}
		return defaults;
	}

	/**
	 * Finds the defaults among an environment's sources.
	 * @param sources the sources
	 * @return the defaults, {@code null} if none were added
	 */
	static @Nullable ProfileDefaults in(Iterable<PropertySource<?>> sources) {
		for (PropertySource<?> source : sources) {
			if (source instanceof ProfileDefaults defaults) {
				return defaults;
			}
		}
		return null;
	}

	PoolProfile profile() {
		return this.profile;
	}

	/**
	 * What the application itself set as its default properties.
	 */
	PropertySource<?> withoutProfile() {
		return new DefaultPropertiesPropertySource(this.application);
	}

	private static final class PropertiesFile {

		private static Map<String, String> read(PoolProfile profile) {
			try {
				Map<String, String> values = new LinkedHashMap<>();
				PropertiesLoaderUtils
					.loadProperties(new ClassPathResource(profile.id() + ".properties", ProfileDefaults.class))
					.forEach((key, value) -> values.put(key.toString(), value.toString()));
				return values;
			}
			catch (IOException ex) {
				throw new UncheckedIOException("The defaults of profile " + profile.id() + " can't be read", ex);
			}
		}

	}

}
