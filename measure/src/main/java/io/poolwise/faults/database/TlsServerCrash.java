package io.poolwise.faults.database;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.testservers.PostgresServer;

/**
 * The same over TLS.
 */
final class TlsServerCrash extends FaultScenario<PostgresGround> {

	TlsServerCrash() {
		super("server with TLS killed under load, down for 1 s",
				() -> PostgresGround.start(PostgresServer.Builder::tls));
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		ground.with("spring.datasource.url=" + ground.url() + "?sslmode=require");
		trial.start(1);
		trial.callers(8, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> ground.crash(Duration.ofSeconds(1)));
		trial.settle(Duration.ofSeconds(40));
	}

}
