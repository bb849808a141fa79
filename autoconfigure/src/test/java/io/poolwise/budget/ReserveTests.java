package io.poolwise.budget;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Reserve}.
 */
class ReserveTests {

	@ParameterizedTest
	@CsvSource({ "10%, 97, 10", "10%, 197, 20", "10%, 100, 10", "10%, 101, 11", "10%, 0, 0", "12.5%, 8, 1",
			"12.5%, 9, 2", "0%, 97, 0", "0, 97, 0", "10, 97, 10", "10, 5, 10", "99.99%, 100, 100",
			"99.99%, 10000, 9999", "99.9999999999%, 2147483647, 2147483647", "0.0000000001%, 1, 1",
			"2147483647, 5, 2147483647", "' 10 % ', 97, 10", "7%, 100, 7", "14%, 50, 7", "55%, 100, 55" })
	void percentageIsOfTheLimitAndRoundedUpExactly(String text, int limit, int expected) {
		assertThat(Reserve.parse(text).of(limit)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "100%", "100.0%", "100.0000000001%", "250%", "9999999999%" })
	void reserveOfEverythingIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Reserve.parse(text))
			.withMessageContaining("must be less than 100% of the limit")
			.withMessageContaining("'" + text + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "%", "ten", "-1", "-1%", "+1", "1.5", "1.%", ".5%", "1,5%", "1e3", "1E9%", "10%%",
			"% 10", "1 0", "0x10", "\u0661", "12345678901", "1.12345678901%" })
	void malformedReserveIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Reserve.parse(text))
			.withMessage("A reserve must be a whole number such as 10 or a percentage such as 12.5%, but was '" + text
					+ "'");
	}

	@Test
	void numberThatIsTooLargeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Reserve.parse("2147483648"))
			.withMessage("A reserve must be at most 2147483647, but was '2147483648'");
	}

	@Test
	void negativeLimitIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Reserve.parse("10%").of(-1));
	}

	@Test
	void equalReservesAreEqualWhateverTheirNotation() {
		assertThat(Reserve.parse("10.0%")).isEqualTo(Reserve.parse("10 %")).hasSameHashCodeAs(Reserve.parse("10%"));
		assertThat(Reserve.parse("010")).isEqualTo(Reserve.parse("10")).hasToString("10");
		assertThat(Reserve.parse("10")).isNotEqualTo(Reserve.parse("10%")).isNotEqualTo(Reserve.parse("11"));
		assertThat(Reserve.parse("12.50%")).hasToString("12.5%");
		assertThat(Reserve.parse("0.0%")).hasToString("0%");
	}

}
