package io.poolwise.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;

import javax.management.ObjectName;

/**
 * Starts a service with some pools, opens all their connections, and writes down which
 * objects live then: a JVM that is measured once.
 */
public final class HeapProbe {

	private HeapProbe() {
	}

	/**
	 * Measures.
	 * @param arguments the type of the pools, whether Poolwise is on, how many pools, how
	 * many connections each, and the file to write to
	 */
	public static void main(String[] arguments) throws Exception {
		boolean governed = Boolean.parseBoolean(arguments[1]);
		try (Application application = new Application(governed, EnumSet.of(PoolType.valueOf(arguments[0])),
				Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]))) {
			application.fill();
			if (governed) {
				application.passHalfAnHour();
			}
			// the first one clears references, the histogram collects what they held
			System.gc();
			Files.writeString(Path.of(arguments[4]), histogram());
		}
	}

	private static String histogram() throws Exception {
		Object text = ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return text.toString();
	}

}
