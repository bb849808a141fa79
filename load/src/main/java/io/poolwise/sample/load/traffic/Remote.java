package io.poolwise.sample.load.traffic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the users are told meanwhile, over the standard input: {@code targets} with the
 * addresses of the instances that take traffic, {@code measure}, and {@code stop}.
 */
final class Remote {

	private final AnswerRecorder recorder;

	private volatile List<String> targets;

	private volatile boolean stopped;

	Remote(AnswerRecorder recorder, List<String> targets) {
		this.recorder = recorder;
		this.targets = List.copyOf(targets);
		Thread reader = new Thread(this::listen, "remote");
		reader.setDaemon(true);
		reader.start();
	}

	/** One of the instances; each is as likely as it was named often. */
	String target() {
		List<String> current = this.targets;
		return current.get(ThreadLocalRandom.current().nextInt(current.size()));
	}

	boolean stopped() {
		return this.stopped;
	}

	private void listen() {
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				obey(List.of(line.split(" ")));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.stopped = true;
		}
	}

	private void obey(List<String> words) {
		switch (words.get(0)) {
			case "targets" -> this.targets = List.copyOf(words.subList(1, words.size()));
			case "measure" -> this.recorder.measure(System.nanoTime());
			case "stop" -> {
				this.recorder.end(System.nanoTime());
				this.stopped = true;
			}
			default -> throw new IllegalArgumentException("unknown: " + words);
		}
	}

}
