package io.poolwise.testservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Integration tests for the watchdog of {@link RunDirectory}, with JVMs of their own.
 */
class WatchdogIT {

	@TempDir
	private Path temporary;

	private Process jvm;

	@AfterEach
	void endJvm() {
		this.jvm.destroyForcibly();
	}

	@Test
	void endsTheServersOfAKilledJvm() throws Exception {
		Holder holder = startHolder("wait");
		assertThat(holder.ports).noneMatch(LoopbackPorts::isFree);
		List<ProcessHandle> servers = holder.processes();
		// RabbitMQ comes with epmd
		assertThat(servers).hasSize(6).allMatch(ProcessHandle::isAlive);
		List<ProcessHandle> children = servers.stream().flatMap(ProcessHandle::descendants).toList();
		assertThat(children).isNotEmpty();
		this.jvm.destroyForcibly();
		assertThat(this.jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.jvm.exitValue()).isEqualTo(128 + 9);
		await().atMost(Duration.ofSeconds(10)).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
		await().atMost(Duration.ofSeconds(10)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
		await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(holder.directory));
		assertThat(holder.ports).allMatch(LoopbackPorts::isFree);
	}

	@Test
	void endsTheServersOfAJvmThatEndsWithoutClosingThem() throws Exception {
		Holder holder = startHolder("end");
		assertThat(this.jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.jvm.exitValue()).isZero();
		await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(holder.directory));
		assertThat(holder.ports).allMatch(LoopbackPorts::isFree);
	}

	private Holder startHolder(String mode) throws IOException {
		Path output = this.temporary.resolve("output");
		this.jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-cp", System.getProperty("java.class.path"), ServerHolder.class.getName(), mode)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		await().atMost(Duration.ofMinutes(2)).until(() -> !this.jvm.isAlive() || ports(output).findAny().isPresent());
		String[] words = ports(output).findFirst().orElseThrow(() -> new AssertionError(text(output))).split(" ");
		return new Holder(Stream.of(words).skip(1).limit(5).map(Integer::valueOf).toList(), Path.of(words[6]));
	}

	private static Stream<String> ports(Path output) {
		return text(output).lines().filter((line) -> line.startsWith("ports "));
	}

	private static String text(Path output) {
		try {
			return Files.readString(output);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private record Holder(List<Integer> ports, Path directory) {

		List<ProcessHandle> processes() throws IOException {
			try (Stream<Path> files = Files.walk(this.directory, 2)) {
				return files.map((file) -> file.getFileName().toString())
					.filter((name) -> name.endsWith(".running"))
					.map((name) -> ProcessHandle.of(Long.parseLong(name.replace(".running", ""))).orElseThrow())
					.toList();
			}
		}

	}

}
