package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operating system user that the servers run as: the one of this JVM or, when that is
 * root, an unprivileged one, since most servers refuse to run as root.
 *
 * @param root whether this JVM runs as root
 */
record ServerUser(boolean root) {

	/** The user and group {@code nobody}, the same number on every Linux. */
	private static final int NOBODY = 65534;

	static ServerUser current() {
		Path probe = Path.of("/proc/self");
		try {
			return new ServerUser(
					Files.exists(probe) && Integer.valueOf(0).equals(Files.getAttribute(probe, "unix:uid")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Puts before a command what makes it run as this user and in a session of its own. A
	 * session of its own keeps Ctrl-C in a terminal from ending the servers before the
	 * application that still uses them.
	 * @param command the command and its arguments
	 * @return the command to execute, which replaces itself by the given one
	 */
	List<String> command(List<String> command) {
		List<String> result = new ArrayList<>();
		if (Platform.current().linux()) {
			result.add("setsid");
		}
		if (this.root) {
			result.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
		}
		result.addAll(command);
		return result;
	}

	/**
	 * Gives a file, or a folder and all below it, to this user.
	 * @param path what to give
	 */
	void own(Path path) {
		if (!this.root) {
			return;
		}
		try (Stream<Path> tree = Files.walk(path)) {
			for (Path each : (Iterable<Path>) tree::iterator) {
				Files.setAttribute(each, "unix:uid", NOBODY);
				Files.setAttribute(each, "unix:gid", NOBODY);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
