package io.poolwise.faults.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * JDKs of this machine.
 */
final class Jdks {

	private Jdks() {
	}

	/**
	 * Finds a newer JDK beside the one that runs this, or where the property
	 * {@code faults.jdk} says.
	 * @param least the least feature version
	 * @return its {@code java} program
	 * @throws IllegalStateException if there is none
	 */
	static Path newest(int least) {
		Path running = Path.of(System.getProperty("java.home"));
		try (Stream<Path> folders = Files.list(running.resolveSibling(""))) {
			return Stream.concat(Stream.of(Path.of(System.getProperty("faults.jdk", "/none")), running), folders)
				.filter((home) -> Files.isExecutable(home.resolve("bin/java")) && version(home) >= least)
				.findFirst()
				.map((home) -> home.resolve("bin/java"))
				.orElseThrow(() -> new IllegalStateException(
						"No JDK " + least + " or later beside " + running + ": name one by -Dfaults.jdk=..."));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int version(Path home) {
		try (Stream<String> lines = Files.lines(home.resolve("release"))) {
			return lines.filter((line) -> line.startsWith("JAVA_VERSION="))
				.mapToInt((line) -> Runtime.Version.parse(line.replaceAll("[^0-9.+]", "").replaceAll("^\\.|_.*", ""))
					.feature())
				.findFirst()
				.orElse(0);
		}
		catch (IOException | IllegalArgumentException ex) {
			return 0;
		}
	}

}
