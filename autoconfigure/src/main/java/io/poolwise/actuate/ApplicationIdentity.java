package io.poolwise.actuate;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Supplier;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Who answers: the profile that is in force, the application, and which of its instances
 * this is. Safe for any thread.
 */
public final class ApplicationIdentity {

	private final String profile;

	private final Environment environment;

	private final Supplier<String> instance;

	/**
	 * Creates an identity.
	 * @param profile the profile whose defaults are in force
	 * @param environment has {@code spring.application.name} and {@code HOSTNAME}
	 */
	public ApplicationIdentity(String profile, Environment environment) {
		this.profile = profile;
		this.environment = environment;
		// only when somebody asks: a host without a working name service takes seconds
		this.instance = SingletonSupplier.of(this::resolveInstance);
	}

	/**
	 * The profile whose defaults are in force.
	 * @return {@code dev}, {@code prod} or {@code test}; {@code none} if none is
	 */
	public String profile() {
		return this.profile;
	}

	/**
	 * The application, the same for all its instances.
	 * @return {@code spring.application.name}, empty if it is not set
	 */
	public Optional<String> application() {
		return property("spring.application.name");
	}

	/**
	 * The instance: {@code HOSTNAME} (the pod's name in Kubernetes, the container's id in
	 * Docker), else the host's own name, and after a colon the process id, since a host
	 * may run several.
	 * @return such as {@code orders-7d9f4-x2x1p:1}
	 */
	public String instance() {
		return this.instance.get();
	}

	private String resolveInstance() {
		return property("HOSTNAME").orElseGet(ApplicationIdentity::localHost) + ":" + ProcessHandle.current().pid();
	}

	private static String localHost() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

	private Optional<String> property(String name) {
		return Optional.ofNullable(this.environment.getProperty(name)).filter(StringUtils::hasText);
	}

}
