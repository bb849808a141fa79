package io.poolwise.autoconfigure;

import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * Explains a value that makes no sense and may hold a password: where it comes from, and
 * not what it is. Spring Boot's own analysis would show it.
 */
final class SecretSettingFailureAnalyzer extends AbstractFailureAnalyzer<SecretSettingException> {

	private final Environment environment;

	SecretSettingFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SecretSettingException cause) {
		return new FailureAnalysis(
				"Invalid value '" + SecretSettingException.MASK + "' for configuration property '" + cause.key() + "'"
						+ origins(cause.key()) + ". Validation failed for the following reason:%n%n".formatted()
						+ cause.reason(),
				"Review the value of the property with the provided reason. It is not shown here, since it may hold a "
						+ "password.",
				cause);
	}

	private String origins(String key) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(key);
		String origins = StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.map((source) -> source.getConfigurationProperty(name))
			.filter((property) -> property != null && property.getOrigin() != null)
			.map((property) -> Origin.from(property))
			.filter((origin) -> origin != null)
			.map((origin) -> "'" + origin + "'")
			.distinct()
			.collect(Collectors.joining(", before "));
		return origins.isEmpty() ? "" : " (originating from " + origins + ")";
	}

}
