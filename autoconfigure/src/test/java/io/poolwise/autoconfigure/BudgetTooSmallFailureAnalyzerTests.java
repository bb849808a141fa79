package io.poolwise.autoconfigure;

import java.util.List;

import io.poolwise.budget.BudgetAllocator;
import io.poolwise.budget.BudgetTooSmallException;
import io.poolwise.budget.PoolDemand;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link BudgetTooSmallFailureAnalyzer}.
 */
class BudgetTooSmallFailureAnalyzerTests {

	@Test
	void keysOfTheBudgetInQuestionAreNamed() {
		BudgetTooSmallException refusal = catchThrowableOfType(BudgetTooSmallException.class,
				() -> BudgetAllocator.split(1, List.of(new PoolDemand("a", 1, 8, 0), new PoolDemand("b", 1, 8, 0))));
		FailureAnalysis analysis = new BudgetTooSmallFailureAnalyzer()
			.analyze(new IllegalStateException(refusal.configuredBy("pool.redis.budget")));
		assertThat(analysis.getDescription()).contains("an allotment of 1 connection an instance for 2 pools (a, b)");
		assertThat(analysis.getAction())
			.contains("lower pool.redis.budget.reserve, or raise pool.redis.budget.share",
					"set pool.redis.budget.limit")
			.doesNotContain("database");
	}

}
