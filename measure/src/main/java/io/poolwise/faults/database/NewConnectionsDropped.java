package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * Nobody new gets in, without an answer.
 */
final class NewConnectionsDropped extends NetworkFault {

	NewConnectionsDropped() {
		super("SYN dropped for 8 s, open connections work", Duration.ofSeconds(8), PacketFilter::dropNewConnections,
				PostgresGround::start, MariaDbGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

}
