package io.poolwise.testservers;

import java.util.Locale;

/**
 * The operating system and processor that this JVM runs on.
 *
 * @param linux {@code true} on Linux, {@code false} on macOS
 * @param arm {@code true} on a 64-bit ARM, {@code false} on x86-64
 */
record Platform(boolean linux, boolean arm) {

	/**
	 * Detects the platform.
	 * @return the platform of this JVM
	 * @throws ServerMissingException on an operating system or processor without binaries
	 */
	static Platform current() {
		String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
		String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
		boolean linux = os.contains("linux");
		boolean arm = arch.equals("aarch64") || arch.equals("arm64");
		if ((!linux && !os.contains("mac")) || (!arm && !arch.equals("amd64") && !arch.equals("x86_64"))) {
			throw new ServerMissingException("A server for " + os + " on " + arch,
					"use Linux or macOS on x86-64 or 64-bit ARM (on Windows: WSL 2)");
		}
		return new Platform(linux, arm);
	}

}
