package io.poolwise.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The Redis program: the one on the class path (from the library embedded-redis).
 *
 * @param program the executable file
 */
record RedisInstallation(Path program) {

	static RedisInstallation find() {
		Platform platform = Platform.current();
		String resource = platform.linux()
				? (platform.arm() ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64")
				: (platform.arm() ? "redis-server-6.2.6-v5-darwin-arm64" : "redis-server-6.2.6-v5-darwin-amd64");
		URL url = RedisInstallation.class.getResource("/" + resource);
		if (url == null) {
			throw new ServerMissingException("Redis",
					"add com.github.codemonstur:embedded-redis with the resource " + resource);
		}
		Path home = ServerCache.find().provide(resource, (directory) -> unpack(url, directory));
		return new RedisInstallation(home.resolve("redis-server"));
	}

	private static void unpack(URL url, Path directory) {
		Path target = directory.resolve("redis-server");
		try (InputStream in = url.openStream()) {
			Files.copy(in, target);
			Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
