package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * The network drops everything for a moment.
 */
final class BriefNetworkCut extends NetworkFault {

	BriefNetworkCut() {
		super("packets dropped in silence for 3 s", Duration.ofSeconds(3), PacketFilter::drop, PostgresGround::start,
				MariaDbGround::start);
	}

	@Override
	public boolean quick() {
		return true;
	}

}
