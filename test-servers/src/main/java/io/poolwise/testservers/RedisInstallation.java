package io.poolwise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The Redis program: one of those on the class path, from the library embedded-redis.
 *
 * @param program the executable file
 */
record RedisInstallation(Path program) {

	/** The first one needs OpenSSL 3, the second one nothing. */
	private static final List<String> LINUX_X86 = List.of("redis-server-6.2.6-v5-linux-amd64",
			"redis-server-6.2.7-linux-386");

	private static final List<String> LINUX_ARM = List.of("redis-server-6.2.7-linux-arm64");

	private static final List<String> MAC_X86 = List.of("redis-server-6.2.6-v5-darwin-amd64");

	private static final List<String> MAC_ARM = List.of("redis-server-6.2.6-v5-darwin-arm64");

	private static final String NAME = "redis-server";

	static RedisInstallation find() {
		Platform platform = Platform.current();
		List<String> resources = platform.linux() ? (platform.arm() ? LINUX_ARM : LINUX_X86)
				: (platform.arm() ? MAC_ARM : MAC_X86);
		Path home = ServerCache.find().provide(resources.get(0), (directory) -> unpack(resources, directory));
		return new RedisInstallation(home.resolve(NAME));
	}

	/**
	 * Unpacks the first program that runs here.
	 * @param resources their names, the best one first
	 * @param directory where to
	 * @throws IOException if none runs
	 */
	private static void unpack(List<String> resources, Path directory) throws IOException {
		Path target = directory.resolve(NAME);
		for (String resource : resources) {
			URL url = RedisInstallation.class.getResource("/" + resource);
			if (url == null) {
				throw new ServerMissingException("Redis",
						"add com.github.codemonstur:embedded-redis with the resource " + resource);
			}
			try (InputStream in = url.openStream()) {
				Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
			}
			Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
			if (runs(target)) {
				return;
			}
		}
		throw new IOException("None of " + resources + " runs on this machine");
	}

	private static boolean runs(Path program) throws IOException {
		Process process = new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		try {
			return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
