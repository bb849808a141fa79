package io.poolwise.sample.web;

import java.util.List;

import io.poolwise.sample.embedded.EmbeddedServer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells the start page who answers, and how to start one more instance beside it.
 */
@RestController
class InstanceController {

	private final Environment environment;

	private final List<EmbeddedServer> servers;

	InstanceController(Environment environment, ObjectProvider<EmbeddedServer> servers) {
		this.environment = environment;
		this.servers = servers.orderedStream().toList();
	}

	@GetMapping("/instance")
	Instance instance() {
		return new Instance(this.environment.getProperty("spring.application.name", ""),
				List.of(this.environment.getActiveProfiles()), this.servers.stream().map(EmbeddedServer::name).toList(),
				this.servers.isEmpty() ? null : EmbeddedServer.commandForAnotherInstance(this.servers));
	}

	/**
	 * This instance.
	 *
	 * @param application its name
	 * @param profiles its active profiles, may be empty
	 * @param embedded the servers that it started for itself, may be empty
	 * @param another the command that starts one more instance on these servers,
	 * {@code null} when nothing is embedded
	 */
	record Instance(String application, List<String> profiles, List<String> embedded, @Nullable String another) {
	}

}
