package io.poolwise.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * The application's default properties with a profile's defaults under them: at the
 * lowest precedence there is, and still known apart from what somebody set, even after
 * the map of this source was merged into another one, as a second run in the same
 * environment does.
 */
final class ProfileDefaults extends DefaultPropertiesPropertySource implements OriginLookup<String> {

	private static final String EXPOSURE = "management.endpoints.web.exposure.include";

	private static final String EXPOSED = "health,prometheus,dbpool,pools";

	private final PoolProfile profile;

	private ProfileDefaults(PoolProfile profile, Map<String, Object> merged) {
		super(merged);
		this.profile = profile;
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
		PropertiesFile.read(profile).forEach((key, value) -> merged.put(key, new ProfileValue(value, profile)));
		if (expose) {
			merged.put(EXPOSURE, new ProfileValue(EXPOSED, profile));
		}
		application.keySet().forEach((key) -> {
			ConfigurationPropertyName set = ConfigurationPropertyName.adapt(key, '.');
			merged.keySet().removeIf((ours) -> isSetBy(ConfigurationPropertyName.of(ours), set));
		});
		merged.putAll(application);
		ProfileDefaults defaults = new ProfileDefaults(profile, merged);
		if (sources.contains(NAME)) {
			sources.replace(NAME, defaults);
		}
		else {
			sources.addLast(defaults);
		}
	}

	/**
	 * A list is also set by its elements.
	 */
	private static boolean isSetBy(ConfigurationPropertyName ours, ConfigurationPropertyName set) {
		return ours.equals(set) || ours.isAncestorOf(set);
	}

	private static Map<String, Object> applicationDefaults(@Nullable PropertySource<?> source) {
		Map<String, Object> defaults = new LinkedHashMap<>();
		if (source instanceof EnumerablePropertySource<?> enumerable) {
			for (String key : enumerable.getPropertyNames()) {
				Object value = enumerable.getProperty(key);
				boolean ours = enumerable.getSource() instanceof Map<?, ?> map && map.get(key) instanceof ProfileValue;
				if (value != null && !ours) {
					defaults.put(key, value);
				}
			}
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
		return new DefaultPropertiesPropertySource(applicationDefaults(this));
	}

	@Override
	public @Nullable Object getProperty(String name) {
		Object value = super.getProperty(name);
		return (value instanceof ProfileValue ours) ? ours.text() : value;
	}

	@Override
	public @Nullable Origin getOrigin(String key) {
		return (getSource().get(key) instanceof ProfileValue ours) ? ours.origin() : null;
	}

	/**
	 * What a profile says, recognisable in whatever map it ends up in.
	 *
	 * @param text the value
	 * @param profile the profile
	 */
	private record ProfileValue(String text, PoolProfile profile) implements CharSequence {

		Origin origin() {
			return new ProfileOrigin(this.profile.id());
		}

		@Override
		public int length() {
			return this.text.length();
		}

		@Override
		public char charAt(int index) {
			return this.text.charAt(index);
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return this.text.subSequence(start, end);
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	private record ProfileOrigin(String profile) implements Origin {

		@Override
		public String toString() {
			return "profile " + this.profile;
		}

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
