package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.PostgresGround;
import io.poolwise.testservers.PacketFilter;
import org.jspecify.annotations.Nullable;

/**
 * The server is heard, and hears nobody.
 */
final class ClientsUnheard extends NetworkFault {

	ClientsUnheard() {
		super("what clients send is dropped for 15 s", Duration.ofSeconds(15), PacketFilter::dropToServer,
				PostgresGround::start);
	}

	@Override
	public @Nullable String knownCause() {
		return "keepalive of 5 s and tcp_user_timeout of 10 s on the sessions of pools";
	}

}
