package io.poolwise.testservers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The folder that holds what this JVM's servers write, with a watchdog that ends them and
 * removes the folder when the JVM is gone.
 * <p>
 * The watchdog is a shell that reads its input, a pipe held open by this JVM alone. The
 * pipe closes whenever the JVM ends, {@code kill -9} included, and after all shutdown
 * hooks, so that an application can still use its servers while it shuts down. It then
 * ends each process for which a server's folder has a file {@code <pid>.running}.
 */
final class RunDirectory {

	/** First a signal that lets a server remove its shared memory, then certainty. */
	private static final String WATCHDOG = """
			trap '' HUP INT QUIT TERM
			cat >/dev/null
			pids=
			for file in "$1"/*/*.running; do
				file=${file##*/}
				pids="$pids ${file%.running}"
			done
			for pid in $pids; do kill -s QUIT "$pid"; done
			for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
				alive=
				for pid in $pids; do kill -s 0 "$pid" && alive=1; done
				[ "$alive" ] || break
				sleep 0.1
			done
			for pid in $pids; do kill -s KILL -- "-$pid" || kill -s KILL "$pid"; done
			rm -rf "$1"
			""";

	private final Path path;

	private final Process watchdog;

	private final AtomicInteger count = new AtomicInteger();

	private RunDirectory() {
		try {
			this.path = Files.createTempDirectory("poolwise-servers-");
			Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rwx--x--x"));
			List<String> command = new ArrayList<>();
			if (Platform.current().linux()) {
				command.add("setsid");
			}
			command.addAll(List.of("sh", "-c", WATCHDOG, "poolwise-watchdog", this.path.toString()));
			this.watchdog = new ProcessBuilder(command).directory(new File("/"))
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The one of this JVM, made at the first call.
	 * @return the run directory
	 * @throws ServerStartException if the watchdog doesn't live
	 */
	static RunDirectory ofThisJvm() {
		RunDirectory directory = Holder.INSTANCE;
		if (!directory.watchdog.isAlive()) {
			throw new ServerStartException("The watchdog that would end the servers of this JVM isn't running");
		}
		return directory;
	}

	/**
	 * Makes the folder of one server.
	 * @param name what the folder's name begins with
	 * @param user who is to own it
	 * @return the new, empty folder
	 */
	Path create(String name, ServerUser user) {
		try {
			Path directory = Files.createDirectory(this.path.resolve(name + "-" + this.count.incrementAndGet()));
			user.own(directory);
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Removes a file or folder with all below it, if it exists.
	 * @param path what to remove
	 */
	static void delete(Path path) {
		if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try (Stream<Path> tree = Files.walk(path)) {
			for (Path each : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
				Files.deleteIfExists(each);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Holder {

		private static final RunDirectory INSTANCE = new RunDirectory();

	}

}
