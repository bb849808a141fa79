package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * A firewall resets whatever clients send.
 */
final class ConnectionsRejected extends NetworkFault {

	ConnectionsRejected() {
		super("everything that clients send is answered by a reset, 3 s", Duration.ofSeconds(3), PacketFilter::reject,
				PostgresGround::start, MariaDbGround::start);
	}

}
