package io.poolwise.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Reads keys, and tells what somebody set from what a profile says.
 */
final class PoolKeys {

	private final ConfigurableEnvironment environment;

	private final Binder all;

	private final Binder explicit;

	private final @Nullable PoolProfile profile;

	PoolKeys(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.all = Binder.get(environment);
		ProfileDefaults defaults = ProfileDefaults.in(environment.getPropertySources());
		this.profile = (defaults != null) ? defaults.profile() : null;
		this.explicit = (defaults != null) ? withoutProfile(defaults) : this.all;
	}

	private Binder withoutProfile(ProfileDefaults defaults) {
		List<PropertySource<?>> sources = StreamSupport
			.stream(this.environment.getPropertySources().spliterator(), false)
			.filter((source) -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
			.<PropertySource<?>>map((source) -> source.equals(defaults) ? defaults.withoutProfile() : source)
			.toList();
		return new Binder(ConfigurationPropertySources.from(sources),
				new PropertySourcesPlaceholdersResolver(this.environment));
	}

	/**
	 * The profile whose defaults apply.
	 * @return its name, {@code none} if none do
	 */
	String profile() {
		return (this.profile != null) ? this.profile.id() : "none";
	}

	/**
	 * What somebody set.
	 * @param key the full key
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, empty if nobody set one
	 */
	<T> Optional<Setting<T>> explicit(String key, Class<T> type) {
		return Optional.ofNullable(this.explicit.bind(key, type).orElse(null))
			.map((value) -> new Setting<>(value, key, true));
	}

	/**
	 * What somebody set, or a profile says.
	 * @param key the full key
	 * @param type the value's type
	 * @param <T> the value's type
	 * @return the value, empty if there is none
	 */
	<T> Optional<Setting<T>> find(String key, Class<T> type) {
		return explicit(key, type).or(() -> Optional.ofNullable(this.all.bind(key, type).orElse(null))
			.map((value) -> new Setting<>(value, key, false)));
	}

}
