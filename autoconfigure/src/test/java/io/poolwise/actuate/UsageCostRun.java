package io.poolwise.actuate;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntConsumer;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.poolwise.advice.SizingAdvisor;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolKind;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What it costs to know the last half hour, with three pools: a sample, which is taken
 * each second, and what {@code /actuator/pools} answers, which is asked for. Prints rows
 * of Markdown. {@code mvn -pl autoconfigure -am -Pscenarios verify
 * -Dit.test=UsageCostRun}
 */
class UsageCostRun {

	private static final int ROUNDS = 21;

	private final Random random = new Random(7);

	@Test
	void costOfASampleAndOfAnAnswer() {
		try (StubPools pools = new StubPools(StubPools.THREE)) {
			StubPool primary = pools.admit("primary");
			primary.libraryName = "HikariPool-1";
			pools.admit("redisConnectionFactory", PoolKind.REDIS, StubPools.GRANTED);
			pools.admit("rabbitConnectionFactory", PoolKind.RABBIT, StubPools.UNKNOWN);
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			for (int i = 0; i < 300; i++) {
				registry.counter("other", "number", String.valueOf(i));
			}
			Timer usage = registry.timer("hikaricp.connections.usage", "pool", "HikariPool-1");
			registry.timer("hikaricp.connections.acquire", "pool", "HikariPool-1");
			UsageHistory history = new UsageHistory(pools.governor(), new HikariUsageMeter(pools.governor(), registry));
			PoolsEndpoint endpoint = new PoolsEndpoint(pools.governor(), history,
					new ApplicationIdentity("prod", new MockEnvironment()), Show.ALWAYS);
			for (int i = 0; i < UsageHistory.KEPT; i++) {
				int used = (int) Math.min(30, 12 + 8 * Math.sin(i / 300.0) + this.random.nextGaussian());
				primary.counts = new PoolCounts(30, 30 - used, used, 0);
				for (int j = 0; j < used * 10; j++) {
					usage.record(Duration.ofMillis(100));
				}
				history.sample();
			}
			print("an answer without details", 2000, (i) -> endpoint.describe(false));
			print("an answer with reasons and advice", 2000, (i) -> endpoint.describe(true));
			print("an advice on half an hour", 50, (i) -> SizingAdvisor.advise(history.window("primary")));
			assertThat(history.window("primary").samples()).hasSize(UsageHistory.KEPT);
			print("a sample", 2000, (i) -> history.sample());
		}
	}

	private static void print(String what, int times, IntConsumer action) {
		double[] micros = new double[ROUNDS];
		for (int warm = 0; warm < 5 * times; warm++) {
			action.accept(warm);
		}
		for (int round = 0; round < ROUNDS; round++) {
			long begin = System.nanoTime();
			for (int i = 0; i < times; i++) {
				action.accept(i);
			}
			micros[round] = (System.nanoTime() - begin) / 1000.0 / times;
		}
		Arrays.sort(micros);
		System.out.printf(Locale.ROOT, "| %s | %.1f µs | %.1f to %.1f µs |%n", what, micros[ROUNDS / 2],
				micros[ROUNDS / 4], micros[3 * ROUNDS / 4]);
	}

}
