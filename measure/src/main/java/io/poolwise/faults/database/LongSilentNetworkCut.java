package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * The network drops everything for a while in which TCP still tries again.
 */
final class LongSilentNetworkCut extends NetworkFault {

	LongSilentNetworkCut() {
		super("packets dropped in silence for 20 s, in both directions", Duration.ofSeconds(20), PacketFilter::drop,
				PostgresGround::start, MariaDbGround::start);
	}

}
