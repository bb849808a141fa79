package io.poolwise.faults;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadFactory;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The process of a {@link ProcessInstance}. Its arguments are the file for its
 * operations, the application's class and the properties; it is told on standard input
 * what to do.
 */
final class ProcessMain {

	private ProcessMain() {
	}

	public static void main(String[] args) throws Exception {
		PrintStream out = System.out;
		System.setOut(System.err);
		FaultsLog.useFile(Path.of(System.getProperty("faults.log")));
		Class<?> application = Class.forName(args[1]);
		List<String> properties = List.of(args).subList(2, args.length);
		try (Writer file = Files.newBufferedWriter(Path.of(args[0]), StandardOpenOption.APPEND);
				ConfigurableApplicationContext context = LocalInstance.run(application, properties)) {
			Callers callers = new Callers(new Beans(context), (operation) -> write(file, operation), threads());
			out.println("ready");
			BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			for (String line = in.readLine(); line != null && !line.equals("close"); line = in.readLine()) {
				if (line.equals("stop")) {
					callers.stop(Duration.ofSeconds(3));
					out.println("stopped");
					continue;
				}
				String[] words = line.split(" ", 4);
				int count = Integer.parseInt(words[1]);
				if (words[0].equals("callers")) {
					callers.steady(count, Duration.ofNanos(Long.parseLong(words[2])), decode(words[3]));
				}
				else {
					callers.carry(count, decode(words[3]));
				}
			}
		}
		System.exit(0);
	}

	private static ThreadFactory threads() throws ReflectiveOperationException {
		if (!Boolean.getBoolean("faults.virtual")) {
			return Callers::daemon;
		}
		Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
		return (ThreadFactory) Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
	}

	private static void write(Writer file, Operation operation) {
		synchronized (file) {
			try {
				file.write(operation.line() + "\n");
				file.flush();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	@SuppressWarnings("BanSerializableRead") // from our own parent process
	private static Work decode(String text) throws IOException, ClassNotFoundException {
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
			return (Work) in.readObject();
		}
	}

}
