package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps unpacked server programs between runs, shared by all builds of
 * one user. {@code test-servers/fetch-servers} looks for it by the same rules.
 *
 * @param directory where programs are kept
 */
record ServerCache(Path directory) {

	/** Overrides the folder, as a system property. */
	static final String PROPERTY = "poolwise.servers";

	/** Overrides the folder, as an environment variable. */
	static final String VARIABLE = "POOLWISE_SERVERS";

	/** Servers may run as another user than the one who unpacks them. */
	private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

	/**
	 * Finds the folder: the override, else {@code /var/cache} for root (whose home is
	 * closed to the unprivileged user that servers run as), else the user's cache folder.
	 * @return the cache
	 */
	static ServerCache find() {
		String override = System.getProperty(PROPERTY, System.getenv(VARIABLE));
		if (hasText(override)) {
			return new ServerCache(Path.of(override).toAbsolutePath());
		}
		String cacheHome = System.getenv("XDG_CACHE_HOME");
		String home = System.getenv("HOME");
		Path parent = ServerUser.current().root() ? Path.of("/var/cache") : hasText(cacheHome) ? Path.of(cacheHome)
				: Path.of(hasText(home) ? home : System.getProperty("user.home"), ".cache");
		return new ServerCache(parent.resolve("poolwise").resolve("servers"));
	}

	/**
	 * Returns a folder of the cache, filling it first if it isn't there. Several
	 * processes may do so at once: a folder is visible only when it is complete.
	 * @param name the folder's name, which must change with its content
	 * @param unpacker fills the folder that it is given
	 * @return the filled folder
	 */
	Path provide(String name, Unpacker unpacker) {
		Path target = this.directory.resolve(name);
		if (Files.isDirectory(target)) {
			return target;
		}
		try {
			createDirectory();
			Path temporary = Files.createDirectory(
					this.directory.resolve("." + name + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime()));
			try {
				Files.setPosixFilePermissions(temporary, READABLE);
				unpacker.unpack(temporary);
				Files.move(temporary, target);
			}
			catch (IOException ex) {
				if (!Files.isDirectory(target)) {
					throw ex;
				}
			}
			finally {
				RunDirectory.delete(temporary);
			}
			return target;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Can't unpack " + name + " into " + this.directory + " (set " + VARIABLE
					+ " to use another folder)", ex);
		}
	}

	private void createDirectory() throws IOException {
		if (!Files.isDirectory(this.directory)) {
			Path parent = this.directory.resolveSibling("");
			boolean parentExists = Files.isDirectory(parent);
			Files.createDirectories(this.directory);
			Files.setPosixFilePermissions(this.directory, READABLE);
			if (!parentExists) {
				Files.setPosixFilePermissions(parent, READABLE);
			}
		}
	}

	private static boolean hasText(@Nullable String value) {
		return value != null && !value.isBlank();
	}

	/**
	 * Fills a folder of the cache.
	 */
	@FunctionalInterface
	interface Unpacker {

		/**
		 * Fills the folder.
		 * @param directory an empty folder
		 * @throws IOException if that fails
		 */
		void unpack(Path directory) throws IOException;

	}

}
