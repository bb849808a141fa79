package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;

/**
 * The server gets everything, and nobody hears of it.
 */
final class ServerUnheard extends NetworkFault {

	ServerUnheard() {
		super("what the server sends is dropped for 15 s", Duration.ofSeconds(15), PacketFilter::dropFromServer,
				PostgresGround::start);
	}

}
