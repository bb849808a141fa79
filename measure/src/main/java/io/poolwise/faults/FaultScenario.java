package io.poolwise.faults;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * A fault, and an application that meets it. Each contender plays it on a ground of its
 * own, all at the same time. Subclasses have a constructor without arguments and are
 * found by their package.
 *
 * @param <G> the ground it is played on
 */
public abstract class FaultScenario<G extends Ground> {

	private final String title;

	private final List<Ground.Factory<? extends G>> grounds;

	/**
	 * Describes the scenario.
	 * @param title what happens, for the table
	 * @param grounds where it is played, one after the other
	 */
	@SafeVarargs
	@SuppressWarnings("varargs") // only copied
	protected FaultScenario(String title, Ground.Factory<? extends G>... grounds) {
		this.title = title;
		this.grounds = List.of(grounds);
	}

	/**
	 * Plays the fault with one contender.
	 * @param trial starts instances and callers, and measures
	 * @param ground the contender's servers
	 * @throws Exception if it can't be played
	 */
	public abstract void play(Trial trial, G ground) throws Exception;

	/**
	 * How many instances the application has in steady state.
	 * @return at least 1
	 */
	public int instances() {
		return 1;
	}

	/**
	 * Whether {@code ./verify} plays it.
	 * @return {@code true} if it is short
	 */
	public boolean quick() {
		return false;
	}

	/**
	 * Why Poolwise is known to be worse than stock here: an open fault. It shows in the
	 * table, and the build doesn't fail.
	 * @return the cause, or {@code null} if Poolwise must not be worse
	 */
	public @Nullable String knownCause() {
		return null;
	}

	/**
	 * The application's class.
	 * @return a configuration
	 */
	protected Class<?> application() {
		return Application.class;
	}

	/**
	 * How long a trial may take, start and end of the servers left out.
	 * @return the longest time
	 */
	protected Duration most() {
		return Duration.ofMinutes(4);
	}

	/** The name with the package below this one: {@code database.SilentNetworkCut}. */
	final String name() {
		return getClass().getName().substring(FaultScenario.class.getPackageName().length() + 1);
	}

	/** Whether it is asked for by its name, its simple name or its package. */
	final boolean matches(Set<String> names) {
		return names.contains(name()) || names.contains(getClass().getSimpleName())
				|| names.contains(name().substring(0, name().indexOf('.')));
	}

	final String title() {
		return this.title;
	}

	final List<Ground.Factory<? extends G>> grounds() {
		return this.grounds;
	}

	/**
	 * The smallest service.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
