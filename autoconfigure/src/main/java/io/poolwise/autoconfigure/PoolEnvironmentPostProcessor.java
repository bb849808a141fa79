package io.poolwise.autoconfigure;

import org.apache.commons.logging.Log;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Chooses the profile and adds its defaults, after everything else has spoken.
 */
final class PoolEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private final Log logger;

	PoolEnvironmentPostProcessor(DeferredLogFactory logFactory) {
		this.logger = logFactory.getLog(PoolEnvironmentPostProcessor.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		// a binder, since its failures are analysed
		Binder keys = Binder.get(environment);
		if (!keys.bind("pool.enabled", Boolean.class).orElse(true)) {
			return;
		}
		ProfileChoice choice = ProfileChoice.of(environment);
		this.logger.info(choice);
		boolean expose = keys.bind("pool.endpoints.expose", Boolean.class).orElse(true);
		ProfileDefaults.addTo(environment.getPropertySources(), choice.profile(), expose);
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
