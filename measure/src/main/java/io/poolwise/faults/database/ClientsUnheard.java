package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * The server is heard, and hears nobody.
 */
final class ClientsUnheard extends NetworkFault {

	ClientsUnheard() {
		super("what clients send is dropped for 15 s", Duration.ofSeconds(15), PacketFilter::dropToServer,
				PostgresGround::start);
	}

}
