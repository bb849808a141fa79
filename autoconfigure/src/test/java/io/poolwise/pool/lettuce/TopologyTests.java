package io.poolwise.pool.lettuce;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.TimeoutOptions;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Topology}, {@link ConnectionWatch} and {@link LettuceSettings}.
 */
class TopologyTests {

	@Test
	void oneServerCountsEachConnectionOnce() {
		Topology topology = Topology.of(new LettuceConnectionFactory("localhost", 6379));
		assertThat(topology).isEqualTo(new Topology(1, List.of()));
		assertThat(topology.borrowable(new PoolSize(2, 7, 3))).isEqualTo(new PoolSize(2, 7, 3));
		assertThat(topology.sockets(new PoolCounts(3, 1, 2, 9))).isEqualTo(new PoolCounts(3, 1, 2, 9));
	}

	@Test
	void aClusterCountsTwoToTheBusiestNode() {
		Topology topology = Topology
			.of(new LettuceConnectionFactory(new RedisClusterConfiguration(List.of("localhost:6379"))));
		assertThat(topology.limitations()).singleElement().asString().startsWith("Cluster:");
		assertThat(topology.borrowable(PoolSize.of(5, 9))).isEqualTo(PoolSize.of(2, 4));
		assertThat(topology.borrowable(new PoolSize(0, 5, 5))).isEqualTo(new PoolSize(0, 2, 3));
		assertThat(topology.borrowable(PoolSize.of(1, 1))).isEqualTo(PoolSize.of(0, 1));
		assertThat(topology.sockets(new PoolCounts(3, 1, 2, 9))).isEqualTo(new PoolCounts(6, 2, 4, 9));
	}

	@Test
	void namesWhatItCannotPromise() {
		TimeoutOptions fixed = TimeoutOptions.enabled(Duration.ofSeconds(1));
		LettuceClientConfiguration client = LettuceClientConfiguration.builder()
			.readFrom(ReadFrom.REPLICA)
			.clientOptions(ClientOptions.builder().timeoutOptions(fixed).build())
			.build();
		Topology topology = Topology.of(new LettuceConnectionFactory(new RedisStandaloneConfiguration(), client));
		assertThat(topology.limitations()).satisfiesExactly((readFrom) -> assertThat(readFrom).startsWith("read-from:"),
				(timeouts) -> assertThat(timeouts).contains("times its commands itself"));
	}

	@Test
	void aDoubtThatNobodyHeardIsRaisedLater() {
		AtomicInteger doubts = new AtomicInteger();
		ConnectionWatch watch = new ConnectionWatch(Runnable::run);
		watch.raiseDoubt();
		watch.onDoubt(doubts::incrementAndGet);
		assertThat(doubts).hasValue(1);
		watch.onDoubt(doubts::incrementAndGet);
		assertThat(doubts).hasValue(1);
		watch.raiseDoubt();
		assertThat(doubts).hasValue(2);
	}

	@Test
	void settingsThatMakeNoSenseAreRefused() {
		Duration second = Duration.ofSeconds(1);
		PoolSize size = PoolSize.of(0, 1);
		assertThat(LettuceSettings.of(size, second, Duration.ZERO).commandTimeout()).isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> LettuceSettings.of(size, Duration.ZERO, second))
			.withMessage("acquireTimeout must be above 0, was PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> LettuceSettings.of(size, second, second.negated()));
		assertThatIllegalArgumentException().isThrownBy(() -> new LettuceSettings(size, second, second, -1, second));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new LettuceSettings(size, second, second, 0, Duration.ZERO));
	}

}
