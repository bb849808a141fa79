package io.poolwise.sample.web;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.poolwise.sample.embedded.EmbeddedServer;

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
	Map<String, Object> instance() {
		return Map.of("application", this.environment.getProperty("spring.application.name", ""), "profiles",
				Arrays.asList(this.environment.getActiveProfiles()), "embedded",
				this.servers.stream().map(EmbeddedServer::name).toList(), "another",
				EmbeddedServer.commandForAnotherInstance(this.servers));
	}

}
