package io.poolwise.faults.database;

import java.time.Duration;
import java.util.function.Consumer;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.Ground;
import io.poolwise.faults.Trial;
import io.poolwise.testservers.PacketFilter;

/**
 * A fault of the network under load, with statements and a transaction that outlast it.
 */
abstract class NetworkFault extends FaultScenario<DatabaseGround> {

	private final Duration time;

	private final Consumer<PacketFilter> begin;

	/**
	 * Describes the scenario.
	 * @param title what happens
	 * @param time how long
	 * @param begin begins it
	 * @param grounds where it is played
	 */
	@SafeVarargs
	@SuppressWarnings("varargs") // only passed on
	NetworkFault(String title, Duration time, Consumer<PacketFilter> begin,
			Ground.Factory<? extends DatabaseGround>... grounds) {
		super(title, grounds);
		this.time = time;
		this.begin = begin;
	}

	@Override
	public final void play(Trial trial, DatabaseGround ground) throws Exception {
		double lasting = this.time.toSeconds() + 5;
		trial.start(1);
		trial.callers(6, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.carry(2, ground.lasting(lasting));
		trial.carry(1, ground.transaction(lasting));
		trial.pass(Duration.ofSeconds(1));
		trial.fault(() -> {
			this.begin.accept(ground.network());
			trial.pass(this.time);
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(90));
	}

}
