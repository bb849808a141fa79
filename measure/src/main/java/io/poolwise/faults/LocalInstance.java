package io.poolwise.faults;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An instance in this process.
 */
public final class LocalInstance implements Instance {

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final ConfigurableApplicationContext context;

	private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

	private final Callers callers;

	private LocalInstance(ConfigurableApplicationContext context) {
		this.context = context;
		this.callers = new Callers(new Beans(context), this.operations::add, Callers::daemon);
	}

	static LocalInstance start(Class<?> application, List<String> properties) {
		return new LocalInstance(run(application, properties));
	}

	static ConfigurableApplicationContext run(Class<?> application, List<String> properties) {
		SpringApplication spring = new SpringApplication(application);
		spring.setWebApplicationType(WebApplicationType.NONE);
		spring.setRegisterShutdownHook(false);
		// the last value counts; Spring would join them by commas
		Map<String, String> arguments = new LinkedHashMap<>();
		properties.forEach((property) -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
		return spring.run(arguments.values().toArray(String[]::new));
	}

	/**
	 * Returns the application's beans, for a fault within the application.
	 * @return the beans
	 */
	public Beans beans() {
		return new Beans(this.context);
	}

	/**
	 * Interrupts all callers in the middle of their operations.
	 */
	public void interruptCallers() {
		this.callers.interrupt();
	}

	@Override
	public void callers(int count, Duration pace, Work work) {
		this.callers.steady(count, pace, work);
	}

	@Override
	public void carry(int count, Work work) {
		this.callers.carry(count, work);
	}

	@Override
	public int carried() {
		return this.callers.carried();
	}

	@Override
	public List<Operation> operations() {
		return List.copyOf(this.operations);
	}

	@Override
	public void stopCallers() {
		this.callers.stop(PATIENCE);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
