package io.poolwise.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;

/**
 * Writes what applications log to one file a contender. In this process a contender's
 * threads are known by their thread group, which threads inherit.
 */
public final class FaultsLog extends AppenderBase<ILoggingEvent> {

	private static final Map<ThreadGroup, Writer> GROUPS = new ConcurrentHashMap<>();

	private static volatile @Nullable Writer rest;

	private final ThrowableProxyConverter throwables = new ThrowableProxyConverter();

	/** Sends what no contender's thread logs to a file. */
	static void useFile(Path file) throws IOException {
		rest = Files.newBufferedWriter(file);
	}

	/** Sends what a group's threads log to a file. */
	static void useFile(ThreadGroup group, Path file) throws IOException {
		GROUPS.put(group, Files.newBufferedWriter(file));
	}

	static void close(ThreadGroup group) throws IOException {
		Writer writer = GROUPS.remove(group);
		if (writer != null) {
			synchronized (writer) {
				writer.close();
			}
		}
	}

	/**
	 * Counts lines that Poolwise wrote at a time.
	 * @param files the files of all instances of a contender
	 * @param begin the first moment, by {@link System#nanoTime()}
	 * @param end the last moment
	 * @return how many lines of INFO and above
	 */
	static long count(List<Path> files, long begin, long end) throws IOException {
		long count = 0;
		for (Path file : files) {
			try (Stream<String> lines = Files.lines(file)) {
				count += lines.filter((line) -> {
					String[] words = line.split(" ", 4);
					if (words.length < 4 || !words[0].matches("\\d+") || !words[2].startsWith("io.poolwise.")) {
						return false;
					}
					long at = Long.parseLong(words[0]) * 1_000_000;
					return at >= begin && at <= end;
				}).count();
			}
		}
		return count;
	}

	/** Writes a line of the suite's own into the file of the current contender. */
	static void note(String line) {
		write(line + "\n");
	}

	@Override
	public void start() {
		this.throwables.setOptionList(List.of("8"));
		this.throwables.start();
		super.start();
	}

	@Override
	protected void append(ILoggingEvent event) {
		String line = System.nanoTime() / 1_000_000 + " " + event.getLevel() + " " + event.getLoggerName() + " ["
				+ event.getThreadName() + "] " + event.getFormattedMessage() + "\n";
		write((event.getThrowableProxy() != null) ? line + this.throwables.convert(event) : line);
	}

	private static void write(String text) {
		Writer writer = rest;
		for (ThreadGroup group = Thread.currentThread().getThreadGroup(); group != null; group = group.getParent()) {
			Writer ofGroup = GROUPS.get(group);
			if (ofGroup != null) {
				writer = ofGroup;
				break;
			}
		}
		if (writer == null) {
			return;
		}
		synchronized (writer) {
			try {
				writer.write(text);
				writer.flush();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
