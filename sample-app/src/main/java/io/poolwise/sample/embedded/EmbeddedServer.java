package io.poolwise.sample.embedded;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server that this instance started and that others can share.
 *
 * @param name what it is, for people
 * @param environment the environment variables that point another instance to it
 */
public record EmbeddedServer(String name, Map<String, String> environment) {

	public EmbeddedServer {
		environment = Map.copyOf(environment);
	}

	/**
	 * The shell command that starts one more instance on the same servers.
	 * @param servers the servers that this instance started, may be empty
	 * @return the command, to be run in the project's root
	 */
	public static String commandForAnotherInstance(Collection<EmbeddedServer> servers) {
		Stream<String> addresses = servers.stream()
			.flatMap((server) -> server.environment().entrySet().stream())
			.map((variable) -> variable.getKey() + "='" + variable.getValue() + "'")
			.sorted();
		return Stream.of(Stream.of("SERVER_PORT=0"), addresses, Stream.of("mvn -pl sample-app -am spring-boot:run"))
			.flatMap((part) -> part)
			.collect(Collectors.joining(" "));
	}

}
