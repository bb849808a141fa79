package io.poolwise.governor;

import java.math.BigDecimal;

import io.poolwise.budget.Reserve;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of the budget on a pool's server.
 *
 * @param prefix the start of the keys, such as {@code pool.database.budget}, for messages
 * @param limit the server's limit in connections, at least 1; {@code null} to ask the
 * server
 * @param reserve the part left for people and other programs
 * @param share the part of the rest that is this fleet's, above 0, at most 1
 * @param failOnExceed whether an explicit size above the allotment stops the start
 */
public record BudgetPolicy(String prefix, @Nullable Integer limit, Reserve reserve, BigDecimal share,
		boolean failOnExceed) {

	/**
	 * The key of the limit.
	 * @return the full name
	 */
	public String limitKey() {
		return this.prefix + ".limit";
	}

}
