package io.poolwise.faults.database;

import java.time.Duration;
import java.util.List;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Instance;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * Callers that carry each other.
 */
final class VirtualThreads extends FaultScenario<PostgresGround> {

	VirtualThreads() {
		super("200 virtual threads of a newer JDK share 10 connections, and the server is killed",
				PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		Instance instance = trial.startProcess(Jdks.newest(21), List.of("-Dfaults.virtual=true"),
				"spring.threads.virtual.enabled=true", "spring.datasource.hikari.maximum-pool-size=10");
		instance.callers(200, Duration.ofSeconds(1), ground.lasting(0.02));
		trial.pass(Duration.ofSeconds(4));
		trial.fault(() -> ground.crash(Duration.ofSeconds(1)));
		trial.settle(Duration.ofSeconds(40));
	}

}
