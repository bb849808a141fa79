package io.poolwise.faults.database;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.poolwise.faults.Beans;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.PostgresGround;
import io.poolwise.faults.Trial;
import io.poolwise.faults.Work;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Readers of a COPY that pause: the server's packets find a full receive window.
 */
final class PausedCopy extends FaultScenario<PostgresGround> {

	PausedCopy() {
		super("readers pause 15 s within a COPY of 40 MB", PostgresGround::start);
	}

	/**
	 * Reads 40 MB, and pauses after a few rows.
	 * @param seconds how long
	 */
	static Work reading(int seconds) {
		return (beans) -> read(beans, seconds);
	}

	private static void read(Beans beans, int seconds) throws Exception {
		try (Connection connection = beans.connection()) {
			String sql = "COPY (SELECT n, repeat('x', 1000) FROM generate_series(1, 40000) n) TO STDOUT";
			CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
			int rows = 0;
			while (copy.readFromCopy() != null) {
				if (++rows == 10) {
					TimeUnit.SECONDS.sleep(seconds);
				}
			}
			if (rows != 40_000) {
				throw new IllegalStateException("only " + rows + " rows");
			}
		}
	}

	@Override
	public void play(Trial trial, PostgresGround ground) throws Exception {
		String brief = ground.sleep(0.01);
		trial.start(1);
		trial.callers(4, (beans) -> beans.query(brief));
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.carry(2, reading(15));
			trial.pass(Duration.ofSeconds(15));
		});
		trial.settle(Duration.ofSeconds(40));
	}

}
