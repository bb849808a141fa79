package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * The network drops everything for longer than short keepalives wait.
 */
final class SilentNetworkCut extends NetworkFault {

	SilentNetworkCut() {
		super("packets dropped in silence for 15 s, in both directions", Duration.ofSeconds(15), PacketFilter::drop,
				PostgresGround::start, MariaDbGround::start);
	}

}
