package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ServerCache}.
 */
class ServerCacheTests {

	@TempDir
	private Path temporary;

	private ServerCache cache;

	@BeforeEach
	void setUp() {
		this.cache = new ServerCache(this.temporary.resolve("poolwise/servers"));
	}

	@Test
	void unpacksOnceAndForAllUsers() throws IOException {
		Path folder = this.cache.provide("server-1", (directory) -> Files.writeString(directory.resolve("file"), "1"));
		assertThat(folder).isEqualTo(this.cache.directory().resolve("server-1"));
		assertThat(this.cache.provide("server-1", (directory) -> {
			throw new AssertionError("unpacked again");
		})).isEqualTo(folder);
		for (Path each : List.of(folder, this.cache.directory())) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each))).isEqualTo("rwxr-xr-x");
		}
	}

	@Test
	void leavesNothingBehindWhenUnpackingFails() {
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> this.cache.provide("server-1", (directory) -> {
				Files.writeString(directory.resolve("half"), "1");
				throw new IOException("disk full");
			}))
			.withMessageContaining("server-1")
			.withMessageContaining(ServerCache.VARIABLE)
			.havingCause()
			.withMessage("disk full");
		assertThat(this.cache.directory()).isEmptyDirectory();
	}

	@Test
	void letsSeveralUnpackTheSameAtOnce() throws Exception {
		int count = 4;
		CyclicBarrier barrier = new CyclicBarrier(count);
		ExecutorService executor = Executors.newFixedThreadPool(count);
		List<Future<Path>> results = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			results.add(executor.submit(() -> this.cache.provide("server-1", (directory) -> {
				Files.writeString(directory.resolve("file"), "content");
				await(barrier);
			})));
		}
		for (Future<Path> result : results) {
			assertThat(result.get(20, TimeUnit.SECONDS).resolve("file")).hasContent("content");
		}
		executor.shutdown();
		assertThat(this.cache.directory()).isDirectoryNotContaining("glob:**/.*");
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await(10, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
