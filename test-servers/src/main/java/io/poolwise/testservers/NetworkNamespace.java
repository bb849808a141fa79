package io.poolwise.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A network of its own for a process and its children, with nothing but a loopback
 * interface: the servers started inside are out of reach from outside, and a
 * {@link PacketFilter} can drop their packets.
 * <p>
 * It takes Linux and either root or user namespaces. Root keeps its rights over files, an
 * ordinary user stays itself, and both may change the new network only.
 */
public final class NetworkNamespace {

	/**
	 * The network that the namespace was made in, as {@code /proc/self/ns/net} names it.
	 */
	private static final String OUTER = "POOLWISE_OUTER_NETWORK";

	private static final Path CURRENT = Path.of("/proc/self/ns/net");

	private static final int PROBE_SECONDS = 20;

	private NetworkNamespace() {
	}

	/**
	 * Whether this JVM runs in a namespace that {@link #process} made.
	 * @return {@code false} in the machine's own network
	 */
	public static boolean isInside() {
		String outer = System.getenv(OUTER);
		return outer != null && Files.exists(CURRENT) && !outer.equals(current());
	}

	/**
	 * Describes a process that runs in a new namespace, with the loopback interface up.
	 * The namespace is gone when the last process in it is.
	 * @param command the program and its arguments
	 * @return a builder that inherits this process' environment
	 * @throws ServerMissingException if this machine can't make namespaces; the message
	 * tells the reason and the remedy
	 */
	public static ProcessBuilder process(List<String> command) {
		if (!Platform.current().linux()) {
			throw new ServerMissingException("A network namespace", "run this on Linux (elsewhere: in a container)");
		}
		NativeProgram ip = NativeProgram.find("iproute2", "usr/sbin/ip");
		NativeProgram nft = NativeProgram.find("nftables", "usr/sbin/nft");
		String probe = libraries(nft) + "\"" + nft.file() + "\" list ruleset >/dev/null";
		ProcessBuilder attempt = describe(ip, List.of("sh", "-c", probe));
		try {
			Path output = Files.createTempFile("network-namespace", ".log");
			Process process = attempt.redirectErrorStream(true).redirectOutput(output.toFile()).start();
			boolean ended = process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS);
			String said = Files.readString(output).strip();
			Files.delete(output);
			if (!ended || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new ServerMissingException("A network namespace (" + said + ")",
						"run as root or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1 and, on Ubuntu,"
								+ " kernel.apparmor_restrict_unprivileged_userns=0; in a container: --cap-add=SYS_ADMIN,"
								+ "NET_ADMIN), with nf_tables in the kernel");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while a network namespace was tried", ex);
		}
		return describe(ip, command);
	}

	private static ProcessBuilder describe(NativeProgram ip, List<String> command) {
		List<String> line = new ArrayList<>(List.of("unshare", "--net"));
		if (!ServerUser.current().root()) {
			line.addAll(List.of("--user", "--map-current-user", "--keep-caps"));
		}
		String loopback = libraries(ip) + "\"$0\" link set lo up && exec \"$@\"";
		line.addAll(List.of("sh", "-c", loopback, ip.file().toString()));
		line.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(line);
		builder.environment().put(OUTER, current());
		return builder;
	}

	private static String libraries(NativeProgram program) {
		StringBuilder assignments = new StringBuilder();
		Map<String, String> environment = program.environment();
		environment.forEach((name, value) -> assignments.append(name).append("='").append(value).append("' "));
		return assignments.toString();
	}

	private static String current() {
		try {
			return Files.readSymbolicLink(CURRENT).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
