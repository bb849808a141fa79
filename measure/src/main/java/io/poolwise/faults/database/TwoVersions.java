package io.poolwise.faults.database;

import java.time.Duration;
import java.util.List;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.FaultsRun;
import io.poolwise.faults.Ground;
import io.poolwise.faults.Instance;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;

/**
 * A rolling update from an earlier version of Poolwise: both share one budget for a
 * while. Played where {@code before=} names one.
 */
final class TwoVersions extends FaultScenario<DatabaseGround> {

	TwoVersions() {
		super("2 instances of an earlier version are replaced under load, one after the other", played());
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static Ground.Factory<? extends DatabaseGround>[] played() {
		Ground.Factory[] both = { (Ground.Factory<PostgresGround>) PostgresGround::start,
				(Ground.Factory<MariaDbGround>) MariaDbGround::start };
		return (FaultsRun.before() != null) ? both : new Ground.Factory[0];
	}

	@Override
	public int instances() {
		return 2;
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		List<Instance> earlier = trial.startEarlier(2);
		earlier.forEach((instance) -> instance.callers(20, Trial.PACE, ground.brief()));
		trial.pass(Duration.ofSeconds(3));
		trial.fault(() -> {
			for (Instance leaving : earlier) {
				trial.startProcesses(1).get(0).callers(20, Trial.PACE, ground.brief());
				trial.pass(Duration.ofSeconds(5));
				leaving.stopCallers();
				leaving.close();
			}
		});
		trial.settle(Duration.ofSeconds(30));
	}

}
