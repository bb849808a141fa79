package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The folder of one server, and who the server runs as.
 *
 * @param directory the server's own folder
 * @param user the owner of the folder
 */
record ServerHome(Path directory, ServerUser user) {

	/**
	 * Sets up something in a new folder, which is removed again if that fails.
	 * @param <T> what is set up
	 * @param name what the folder's name begins with
	 * @param setUp sets it up
	 * @return what was set up
	 */
	static <T> T create(String name, Function<ServerHome, T> setUp) {
		ServerHome home = create(name);
		boolean done = false;
		try {
			T result = setUp.apply(home);
			done = true;
			return result;
		}
		finally {
			if (!done) {
				RunDirectory.delete(home.directory);
			}
		}
	}

	/**
	 * Makes a folder that stays until it is deleted or the JVM is gone.
	 * @param name what the folder's name begins with
	 * @return the home in the new folder
	 */
	static ServerHome create(String name) {
		ServerUser user = ServerUser.current();
		return new ServerHome(RunDirectory.ofThisJvm().create(name, user), user);
	}

	/**
	 * A path in the folder.
	 * @param name the path below the folder
	 * @return the whole path
	 */
	Path path(String name) {
		return this.directory.resolve(name);
	}

	/**
	 * Makes a folder for the server's own files.
	 * @param name the folder's name
	 * @return the new folder
	 */
	Path folder(String name) {
		try {
			Path folder = Files.createDirectory(path(name));
			this.user.own(folder);
			return folder;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes a file that the server may read and change.
	 * @param name the file's name
	 * @param lines its content
	 * @return the written file
	 */
	Path write(String name, List<String> lines) {
		try {
			Path file = Files.write(path(name), lines);
			this.user.own(file);
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Describes a process that runs in the folder.
	 * @param name its name in messages
	 * @param command the program and its arguments
	 * @param environment variables beyond the basic ones
	 * @return the process, not started
	 */
	ServerProcess process(String name, List<String> command, Map<String, String> environment) {
		return new ServerProcess(name, this.directory, this.user, command, environment);
	}

}
