package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.poolwise.budget.Budget;
import io.poolwise.governor.PoolDecision;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PoolCounts;
import io.poolwise.pool.PoolSize;
import io.poolwise.pool.PostMortem;
import org.jspecify.annotations.Nullable;

/**
 * The JSON objects that the endpoints are made of, as maps in the order that a person
 * reads them: what serialises them, and how it names and sorts properties, is the
 * application's choice.
 */
final class PoolJson {

	private PoolJson() {
	}

	/**
	 * A database pool, as the endpoint for those shows it.
	 */
	static Map<String, Object> database(PoolReport pool) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("size", pool.actual().size());
		json.put("free", pool.actual().free());
		json.put("used", pool.actual().used());
		json.put("min_size", pool.target().min());
		json.put("max_size", pool.target().max());
		json.put("pending", pool.actual().pending());
		json.put("status", pool.status().id());
		return json;
	}

	/**
	 * A pool of any kind, as the endpoint for all kinds shows it.
	 * @param pool the pool
	 * @param details whether to say why
	 */
	static Map<String, Object> pool(PoolReport pool, boolean details) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("name", pool.name());
		json.put("kind", pool.kind().id());
		json.put("status", pool.status().id());
		json.put("actual", counts(pool.actual()));
		json.put("target", size(pool.target()));
		Budget budget = pool.budget();
		if (budget != null) {
			json.put("budget", budget(budget, pool.peak(), pool.allotment()));
		}
		if (details) {
			json.put("reasons", pool.reasons());
		}
		return json;
	}

	private static Map<String, Object> counts(PoolCounts counts) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("size", counts.size());
		json.put("free", counts.free());
		json.put("used", counts.used());
		json.put("pending", counts.pending());
		return json;
	}

	private static Map<String, Object> size(PoolSize size) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("min_size", size.min());
		json.put("max_size", size.max());
		return json;
	}

	private static Map<String, Object> budget(Budget budget, int peak, @Nullable Integer allotment) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("limit", budget.limit().connections());
		json.put("limit_source", budget.limit().source().jsonName());
		json.put("share", budget.share());
		json.put("reserve", budget.reserveConnections());
		json.put("budget", budget.connections());
		json.put("peak", peak);
		if (allotment != null) {
			json.put("allotment", allotment);
		}
		return json;
	}

	/**
	 * A pool of this process that is not governed.
	 * @param pool the pool
	 * @param details whether to say why
	 */
	static Map<String, Object> ungoverned(UngovernedPool pool, boolean details) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("name", pool.name());
		json.put("kind", pool.kind().id());
		if (pool.connections() != null) {
			json.put("max_size", pool.connections());
		}
		if (details) {
			json.put("reasons", List.of(pool.why()));
		}
		return json;
	}

	/**
	 * Why callers of a pool got no connection the last time.
	 */
	static Map<String, Object> postMortem(PostMortem postMortem) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("verdict", postMortem.verdict().id());
		json.put("reasons", postMortem.reasons());
		return json;
	}

	/**
	 * An entry of the record of decisions.
	 */
	static Map<String, Object> decision(PoolDecision decision) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("time", decision.time().toString());
		json.put("pool", decision.pool());
		if (decision.from() != null) {
			json.put("from", size(decision.from()));
		}
		json.put("to", size(decision.to()));
		json.put("reasons", decision.reasons());
		return json;
	}

}
