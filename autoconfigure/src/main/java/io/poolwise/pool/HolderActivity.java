package io.poolwise.pool;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the thread that borrowed a connection does now, as its stack shows. A guess: the
 * connection may have been handed to another thread since.
 */
public enum HolderActivity {

	/**
	 * The thread has ended.
	 */
	GONE("has ended"),

	/**
	 * It waits for its executor's next task.
	 */
	IDLE("is idle"),

	/**
	 * It waits for another connection.
	 */
	WAITING("waits for another connection"),

	/**
	 * It is in the driver: a statement runs.
	 */
	IN_DRIVER("is in the driver"),

	/**
	 * It does something else.
	 */
	ELSEWHERE("is in other code");

	private static final int TOP = 16;

	private static final List<String> DRIVERS = List.of("org.postgresql.", "org.mariadb.", "com.mysql.", "oracle.jdbc.",
			"com.microsoft.sqlserver.", "org.h2.");

	private final String words;

	HolderActivity(String words) {
		this.words = words;
	}

	/**
	 * Tells what a thread does.
	 * @param alive whether it has not ended
	 * @param stack its stack, the innermost call first; empty where it isn't known
	 * @param borrowing the class in whose methods callers wait for a connection
	 * @param driver the start of the names of the driver's classes, besides those of
	 * well-known ones; {@code null} if it isn't known
	 * @return the activity
	 */
	public static HolderActivity of(boolean alive, List<StackTraceElement> stack, String borrowing,
			@Nullable String driver) {
		if (!alive) {
			return GONE;
		}
		List<StackTraceElement> top = stack.subList(0, Math.min(TOP, stack.size()));
		if (top.stream().anyMatch((frame) -> frame.getClassName().equals(borrowing))) {
			return WAITING;
		}
		if (top.stream().anyMatch(HolderActivity::waitsForWork)) {
			return IDLE;
		}
		return stack.stream().anyMatch((frame) -> isDriver(frame.getClassName(), driver)) ? IN_DRIVER : ELSEWHERE;
	}

	private static boolean waitsForWork(StackTraceElement frame) {
		String type = frame.getClassName();
		return switch (frame.getMethodName()) {
			// of the JDK, and of Tomcat
			case "getTask" -> type.endsWith("ThreadPoolExecutor");
			case "awaitWork", "deactivate" -> type.equals("java.util.concurrent.ForkJoinPool");
			case "idleJobPoll" -> type.startsWith("org.eclipse.jetty.");
			// an event loop
			case "select", "doSelect" -> type.startsWith("sun.nio.ch.") || type.startsWith("io.netty.");
			case "epollWait" -> type.startsWith("io.netty.");
			default -> false;
		};
	}

	private static boolean isDriver(String type, @Nullable String driver) {
		return (driver != null && type.startsWith(driver)) || DRIVERS.stream().anyMatch(type::startsWith);
	}

	/**
	 * The activity in words.
	 * @return a part of a sentence
	 */
	public String inWords() {
		return this.words;
	}

}
