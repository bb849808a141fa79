package io.poolwise.faults.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.poolwise.faults.DatabaseGround;
import io.poolwise.faults.Beans;
import io.poolwise.faults.FaultScenario;
import io.poolwise.faults.MariaDbGround;
import io.poolwise.faults.Trial;
import io.poolwise.faults.Work;

/**
 * Readers of a streamed result that pause: packets find a full receive window.
 */
final class PausedStream extends FaultScenario<DatabaseGround> {

	PausedStream() {
		super("readers pause 15 s in a streamed result of 40 MB", MariaDbGround::start);
	}

	@Override
	public void play(Trial trial, DatabaseGround ground) throws Exception {
		trial.start(1);
		trial.callers(4, ground.brief());
		trial.pass(Duration.ofSeconds(2));
		trial.fault(() -> {
			trial.carry(2, reading(15));
			trial.pass(Duration.ofSeconds(15));
		});
		trial.settle(Duration.ofSeconds(40));
	}

	/**
	 * Reads 40 MB row by row, and pauses after a few.
	 * @param seconds how long
	 */
	static Work reading(int seconds) {
		return (beans) -> read(beans, seconds);
	}

	private static void read(Beans beans, int seconds) throws Exception {
		try (Connection connection = beans.connection(); Statement statement = connection.createStatement()) {
			statement.setFetchSize(10);
			String sql = "SELECT seq, REPEAT('x', 1000) FROM seq_1_to_40000";
			int count = 0;
			try (ResultSet rows = statement.executeQuery(sql)) {
				while (rows.next()) {
					if (++count == 10) {
						TimeUnit.SECONDS.sleep(seconds);
					}
				}
			}
			if (count != 40_000) {
				throw new IllegalStateException("only " + count + " rows");
			}
		}
	}

}
