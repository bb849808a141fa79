package io.poolwise.faults.postgres;

import java.time.Duration;

import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import org.jspecify.annotations.Nullable;

/**
 * A network that drops everything for a while, with statements that outlast it.
 */
final class SilentNetworkCut extends FaultScenario<PostgresGround> {

	SilentNetworkCut() {
		super("packets dropped in silence for 15 s, 25 s statements", PostgresGround::start);
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		String brief = ground.sleep(0.01);
		String lasting = ground.sleep(25);
		trial.start(1);
		trial.callers(8, (beans) -> beans.query(brief));
		trial.pass(Duration.ofSeconds(2));
		trial.carry(2, (beans) -> beans.query(lasting));
		trial.pass(Duration.ofSeconds(1));
		trial.fault(() -> {
			ground.network().drop();
			trial.pass(Duration.ofSeconds(15));
			ground.network().heal();
		});
		trial.settle(Duration.ofSeconds(90));
	}

	@Override
	public @Nullable String knownCause() {
		return "keepalive of 5 s and tcp_user_timeout of 10 s on the sessions of pools";
	}

}
