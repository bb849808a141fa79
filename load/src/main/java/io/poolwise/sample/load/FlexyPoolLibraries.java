package io.poolwise.sample.load;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import io.poolwise.sample.flexy.FlexyPoolConfiguration;

/**
 * What an instance needs on its class path to use FlexyPool.
 */
final class FlexyPoolLibraries {

	private FlexyPoolLibraries() {
	}

	/**
	 * Copies the configuration to a folder of its own.
	 * @param folder where to
	 * @return that folder and the libraries
	 */
	static List<Path> copyTo(Path folder) throws IOException {
		List<Path> libraries = new ArrayList<>();
		Path classes = folder.resolve("flexy-pool");
		for (Class<?> type : List.of(FlexyPoolConfiguration.class, FlexyPoolConfiguration.Wrapper.class)) {
			String name = type.getName().replace('.', '/') + ".class";
			Path target = classes.resolve(name);
			Files.createDirectories(target.getParent());
			try (InputStream code = FlexyPoolLibraries.class.getClassLoader().getResourceAsStream(name)) {
				if (code == null) {
					throw new IOException("no " + name);
				}
				Files.copy(code, target, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		libraries.add(classes);
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
			String file = entry.substring(entry.lastIndexOf(File.separatorChar) + 1);
			if (file.startsWith("flexy-") || file.startsWith("metrics-core-") || file.startsWith("metrics-jmx-")) {
				libraries.add(Path.of(entry));
			}
		}
		return libraries;
	}

}
