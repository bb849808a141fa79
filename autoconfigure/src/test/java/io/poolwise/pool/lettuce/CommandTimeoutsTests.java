package io.poolwise.pool.lettuce;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CommandTimeouts}, with 5 s a command.
 */
class CommandTimeoutsTests {

	private final CommandTimeouts timeouts = new CommandTimeouts(() -> Duration.ofSeconds(5));

	@ParameterizedTest
	@CsvSource({ "GET key, 5000", "PING, 5000", "BLPOP a b 7, 12000", "BRPOP a 0.25, 5250", "BRPOPLPUSH a b 2, 7000",
			"BLMOVE a b LEFT RIGHT 3, 8000", "BZPOPMIN a 1, 6000", "BZPOPMAX a b c 1, 6000",
			"BLMPOP 4 2 a b LEFT, 9000", "BZMPOP 0.5 1 a MIN COUNT 10, 5500", "WAIT 2 100, 5100",
			"WAITAOF 1 1 100, 5100", "XREAD COUNT 2 BLOCK 1500 STREAMS a $, 6500", "XREAD STREAMS BLOCK 7, 5000",
			"XREADGROUP GROUP g c block 1 STREAMS a >, 5001", "XREAD STREAMS a 0, 5000", "blpop a 7, 12000",
			"BLPOP a 0, 0", "BZPOPMIN a 0, 0", "BLMPOP 0 2 a b LEFT, 0", "XREAD BLOCK 0 STREAMS a $, 0",
			"BLPOP a soon, 5000" })
	void blockingCommandsMayTakeTheirBlockTimeOnTop(String line, long millis) {
		String[] words = line.split(" ", -1);
		CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
		for (int i = 1; i < words.length; i++) {
			args.add(words[i]);
		}
		assertThat(timeout(StringCodec.UTF8, keyword(words[0]), args)).isEqualTo(Duration.ofMillis(millis));
	}

	@Test
	void keysMayBeAnything() {
		byte[] key = "\r\n$3\r\n\u00fc 9".getBytes(StandardCharsets.UTF_8);
		CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key).add(2);
		assertThat(timeout(ByteArrayCodec.INSTANCE, CommandType.BLPOP, args)).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void aCommandWithoutArgumentsIsNoProblem() {
		Command<String, String, String> command = new Command<>(CommandType.BLPOP, new StatusOutput<>(StringCodec.UTF8),
				null);
		assertThat(this.timeouts.getTimeout(command)).isEqualTo(Duration.ofSeconds(5).toNanos());
	}

	@Test
	void withoutATimeoutNoCommandHasOne() {
		CommandTimeouts none = new CommandTimeouts(() -> Duration.ZERO);
		CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8).addKey("a").add(2);
		assertThat(none.getTimeout(new Command<>(CommandType.BLPOP, new StatusOutput<>(StringCodec.UTF8), args)))
			.isZero();
		assertThat(none.getTimeout(new Command<>(CommandType.GET, new StatusOutput<>(StringCodec.UTF8), args)))
			.isZero();
	}

	private <K> Duration timeout(RedisCodec<K, K> codec, ProtocolKeyword type, CommandArgs<K, K> args) {
		return Duration.of(this.timeouts.getTimeout(new Command<>(type, new StatusOutput<>(codec), args)),
				this.timeouts.getTimeUnit().toChronoUnit());
	}

	private static ProtocolKeyword keyword(String name) {
		return new ProtocolKeyword() {

			@Override
			public byte[] getBytes() {
				return name.getBytes(StandardCharsets.US_ASCII);
			}

			@Override
			public String toString() {
				return name;
			}

		};
	}

}
