package io.poolwise.sample.order;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link NewOrder}.
 */
class NewOrderTests {

	private static final NewOrder.Line LINE = new NewOrder.Line("cocoa", 1);

	@Test
	void takesOneToTwentyLines() {
		assertThat(new NewOrder("Kim", List.of(LINE)).lines()).hasSize(1);
		assertThat(new NewOrder("Kim", Collections.nCopies(20, LINE)).lines()).hasSize(20);
		assertInvalid(() -> new NewOrder("Kim", List.of()));
		assertInvalid(() -> new NewOrder("Kim", Collections.nCopies(21, LINE)));
	}

	@Test
	void refusesNullAndBlank() {
		assertInvalid(() -> new NewOrder(null, List.of(LINE)));
		assertInvalid(() -> new NewOrder(" ", List.of(LINE)));
		assertInvalid(() -> new NewOrder("Kim", null));
		assertInvalid(() -> new NewOrder("Kim", Collections.singletonList(null)));
		assertInvalid(() -> new NewOrder.Line(null, 1));
		assertInvalid(() -> new NewOrder.Line("", 1));
	}

	@Test
	void refusesALongName() {
		assertThat(new NewOrder("k".repeat(80), List.of(LINE)).customer()).hasSize(80);
		assertInvalid(() -> new NewOrder("k".repeat(81), List.of(LINE)));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 1001 })
	void refusesAQuantityOutOfRange(int quantity) {
		assertInvalid(() -> new NewOrder.Line("cocoa", quantity));
	}

	@Test
	void copiesItsLines() {
		List<NewOrder.Line> lines = new ArrayList<>(List.of(LINE));
		NewOrder order = new NewOrder("Kim", lines);
		lines.clear();
		assertThat(order.lines()).containsExactly(LINE);
	}

	private static void assertInvalid(ThrowingCallable made) {
		assertThatExceptionOfType(InvalidOrderException.class).isThrownBy(made);
	}

}
