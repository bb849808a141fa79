package io.poolwise.autoconfigure;

import java.util.Iterator;
import java.util.Optional;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Reads keys, and tells what somebody set from what a profile says.
 */
class PoolKeys {

	private final ConfigurableEnvironment environment;

	private final Binder all;

	private final Binder explicit;

	PoolKeys(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.all = Binder.get(environment);
		this.explicit = new Binder(ConfigurationPropertySources.from(this::explicitSources),
				new PropertySourcesPlaceholdersResolver(environment));
	}

	/**
	 * The sources as they are now: they may come and go while the application runs.
	 */
	private Iterator<PropertySource<?>> explicitSources() {
		return this.environment.getPropertySources()
			.stream()
			.filter((source) -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
			.<PropertySource<?>>map(
					(source) -> (source instanceof ProfileDefaults defaults) ? defaults.withoutProfile() : source)
			.iterator();
	}

	/**
	 * The profile whose defaults apply.
	 * @return its name, {@code none} if none do
	 */
	String profile() {
		ProfileDefaults defaults = ProfileDefaults.in(this.environment.getPropertySources());
		return (defaults != null) ? defaults.profile().id() : "none";
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
	 * What somebody set that may hold a password. Bound by nobody else, since Spring Boot
	 * shows what it can't bind.
	 * @param key the full key
	 * @return the value, empty if nobody set one
	 * @throws SecretSettingException if it can't be read
	 */
	Optional<String> secret(String key) {
		try {
			return Optional.ofNullable(this.explicit.bind(key, String.class).orElse(null));
		}
		catch (BindException ex) {
			// its causes show the value
			throw new SecretSettingException(key,
					"It can't be read as a text. If it holds '${', which begins a placeholder, write '\\${' instead.");
		}
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
