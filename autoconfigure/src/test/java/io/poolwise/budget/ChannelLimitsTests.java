package io.poolwise.budget;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ChannelLimits}.
 */
class ChannelLimitsTests {

	private static final Reserve TENTH = Reserve.parse("10%");

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "2047, 7, -, -, 2040", "2047, 7, 100, -, 22", "2047, 7, -, 100, 22", "2047, 7, 100, 50, 11",
					"2047, 7, 50, 100, 11", "20, 7, 100, -, 13", "5, 7, -, -, 0", "0, 0, -, -, 65535",
					"65535, 0, -, -, 65535", "2047, 0, 0, -, 0" })
	void channelsAreTheLesserOfTheConnectionAndTheSharedBudget(int channelMax, int listeners, Integer user,
			Integer vhost, int expected) {
		ChannelLimits limits = new ChannelLimits(channelMax, listeners, user, vhost);
		assertThat(limits.allot(TENTH, BigDecimal.ONE, new Fleet(3, 1)).channels()).isEqualTo(expected);
	}

	@Test
	void channelMaxIsNotDividedByTheFleet() {
		ChannelLimits limits = new ChannelLimits(2047, 7, null, null);
		assertThat(limits.allot(TENTH, BigDecimal.ONE, new Fleet(500, 125)).channels()).isEqualTo(2040);
		assertThat(limits.sharedLimit()).isNull();
	}

	@Test
	void keyReplacesTheSharedLimit() {
		ServerLimit key = ServerLimit.ofKey(40, "pool.rabbit.budget.limit");
		Allotment shared = Allotment.of(Budget.of(key, TENTH, BigDecimal.ONE), new Fleet(3, 1), 2);
		ChannelAllotment allotment = new ChannelLimits(2047, 7, 100, null).allot(shared);
		assertThat(allotment.channels()).isEqualTo(7);
		assertThat(allotment.shared()).isSameAs(shared);
	}

	@Test
	void reasonsExplainBothLimits() {
		assertThat(new ChannelLimits(2047, 7, 100, 200).allot(TENTH, BigDecimal.ONE, new Fleet(3, 1)).reasons())
			.containsExactly("RabbitMQ: channel_max 2047 of a connection - 7 of listeners = 2040",
					"RabbitMQ: the user may open 100 channels", "RabbitMQ: the virtual host may open 200 channels",
					"reserve 10% of 100 = 10", "budget 100 - 10 = 90", "peak 3 replicas + 1 surge = 4",
					"allotment 90 / 4 = 22", "channels: the lesser of 2040 and 22 = 22");
	}

	@Test
	void impossibleReadingsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ChannelLimits(65536, 0, null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new ChannelLimits(-1, 0, null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new ChannelLimits(0, -1, null, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new ChannelLimits(0, 0, -1, null));
		assertThatIllegalArgumentException().isThrownBy(() -> new ChannelLimits(0, 0, null, -1));
	}

}
