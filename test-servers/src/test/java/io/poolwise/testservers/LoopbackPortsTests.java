package io.poolwise.testservers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LoopbackPorts}.
 */
class LoopbackPortsTests {

	@Test
	void staysBelowThePortsOfOutgoingConnections() {
		for (int i = 0; i < 50; i++) {
			assertThat(LoopbackPorts.free()).isBetween(1024, 32_767);
		}
	}

	@Test
	void seesWhoListens() throws IOException {
		int port = LoopbackPorts.free();
		assertThat(LoopbackPorts.isFree(port)).isTrue();
		assertThat(LoopbackPorts.accepts(port)).isFalse();
		try (ServerSocket taken = listen(port)) {
			assertThat(LoopbackPorts.isFree(taken.getLocalPort())).isFalse();
			assertThat(LoopbackPorts.accepts(port)).isTrue();
		}
	}

	@Test
	void triesAnotherPortIfSomebodyWasFaster() {
		List<ServerSocket> thieves = new ArrayList<>();
		int result = LoopbackPorts.start(0, (port) -> {
			if (thieves.size() < 2) {
				thieves.add(listen(port));
				throw new ServerStartException("taken");
			}
			return port;
		});
		assertThat(thieves).hasSize(2).noneMatch((thief) -> thief.getLocalPort() == result);
		thieves.forEach(LoopbackPortsTests::close);
	}

	@Test
	void triesOtherPortsIfOneOfSeveralIsTaken() {
		List<ServerSocket> thieves = new ArrayList<>();
		List<Integer> result = LoopbackPorts.start(0, 3, (ports) -> {
			if (thieves.isEmpty()) {
				thieves.add(listen(ports.get(2)));
				throw new ServerStartException("taken");
			}
			return ports;
		});
		assertThat(result).hasSize(3).doesNotHaveDuplicates().doesNotContain(thieves.get(0).getLocalPort());
		thieves.forEach(LoopbackPortsTests::close);
	}

	@Test
	void givesUpAtOnceIfThePortIsNotTheReason() {
		List<Integer> tried = new ArrayList<>();
		assertThatExceptionOfType(ServerStartException.class).isThrownBy(() -> LoopbackPorts.start(0, (port) -> {
			tried.add(port);
			throw new ServerStartException("bad setting");
		})).withMessage("bad setting");
		assertThat(tried).hasSize(1);
	}

	@Test
	void keepsToAFixedPort() {
		List<Integer> tried = new ArrayList<>();
		int port = LoopbackPorts.free();
		ServerSocket taken = listen(port);
		assertThatExceptionOfType(ServerStartException.class).isThrownBy(() -> LoopbackPorts.start(port, (given) -> {
			tried.add(given);
			throw new ServerStartException("taken");
		}));
		assertThat(tried).containsExactly(port);
		close(taken);
	}

	private static ServerSocket listen(int port) {
		try {
			return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static void close(ServerSocket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

}
