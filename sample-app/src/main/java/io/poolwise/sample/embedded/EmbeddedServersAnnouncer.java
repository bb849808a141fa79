package io.poolwise.sample.embedded;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Says at the end of the start which servers are embedded and how to share them.
 */
@Component
class EmbeddedServersAnnouncer {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedServersAnnouncer.class);

	private final List<EmbeddedServer> servers;

	EmbeddedServersAnnouncer(ObjectProvider<EmbeddedServer> servers) {
		this.servers = servers.orderedStream().toList();
	}

	@EventListener(ApplicationReadyEvent.class)
	void announce() {
		if (!this.servers.isEmpty()) {
			logger.info("Embedded: {}. One more instance on the same: {}",
					this.servers.stream().map(EmbeddedServer::name).toList(),
					EmbeddedServer.commandForAnotherInstance(this.servers));
		}
	}

}
