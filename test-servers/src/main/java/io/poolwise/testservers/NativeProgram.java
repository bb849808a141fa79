package io.poolwise.testservers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.Stream;

/**
 * A server program that isn't on the class path: unpacked into the
 * {@linkplain ServerCache cache} by {@code test-servers/fetch-servers}, or installed on
 * this machine.
 *
 * @param root the folder that takes the place of {@code /} for the program's own files
 * @param file the executable file
 */
record NativeProgram(Path root, Path file) {

	/** Where an ordinary user's {@code PATH} often doesn't lead. */
	private static final List<String> MORE_FOLDERS = List.of("/usr/local/sbin", "/usr/sbin", "/opt/homebrew/sbin",
			"/opt/homebrew/bin");

	/**
	 * Finds a program.
	 * @param server the server's name, also of its folder in the cache
	 * @param path the file below the root
	 * @return the program
	 * @throws ServerMissingException if it is nowhere
	 */
	static NativeProgram find(String server, String path) {
		Path cached = ServerCache.find().directory().resolve(server);
		String name = Path.of(path).getFileName().toString();
		Stream<Path> folders = Stream
			.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
					MORE_FOLDERS.stream())
			.map((folder) -> Path.of(folder, name));
		return Stream.concat(Stream.of(cached.resolve(path), Path.of("/", path)), folders)
			.filter(Files::isExecutable)
			.findFirst()
			.map((file) -> new NativeProgram(file.startsWith(cached) ? cached : Path.of("/"), file))
			.orElseThrow(() -> new ServerMissingException(server,
					"run ./verify or test-servers/fetch-servers, or install it so that " + name + " is on the PATH"));
	}

	/**
	 * What makes the program find the libraries that were unpacked with it.
	 * @return environment variables, empty for an installed program
	 */
	Map<String, String> environment() {
		if (this.root.equals(Path.of("/"))) {
			return Map.of();
		}
		List<Path> folders = new ArrayList<>();
		for (String parent : List.of("usr/lib", "lib")) {
			if (Files.isDirectory(this.root.resolve(parent))) {
				try (DirectoryStream<Path> found = Files.newDirectoryStream(this.root.resolve(parent),
						"*-linux-gnu*")) {
					for (Path folder : found) {
						folders.add(folder);
						folders.addAll(privateLibraries(folder));
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}
		return Map.of("LD_LIBRARY_PATH",
				folders.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
	}

	/**
	 * The folders of libraries that an installed program finds by an absolute path, such
	 * as those of PulseAudio.
	 */
	private static List<Path> privateLibraries(Path folder) throws IOException {
		try (Stream<Path> below = Files.list(folder)) {
			return below.filter(Files::isDirectory).filter(NativeProgram::hasLibraries).sorted().toList();
		}
	}

	private static boolean hasLibraries(Path folder) {
		try (DirectoryStream<Path> libraries = Files.newDirectoryStream(folder, "lib*.so*")) {
			return libraries.iterator().hasNext();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
