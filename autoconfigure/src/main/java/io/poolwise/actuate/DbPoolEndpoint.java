package io.poolwise.actuate;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.pool.PoolKind;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The database pools as they are now, one object a pool. Read-only; waits for no pool and
 * asks no server.
 */
@Endpoint(id = "dbpool")
public class DbPoolEndpoint {

	private static final String PRIMARY = "primary";

	private final PoolGovernor governor;

	/**
	 * Creates the endpoint.
	 * @param governor knows the pools
	 */
	public DbPoolEndpoint(PoolGovernor governor) {
		this.governor = governor;
	}

	/**
	 * Describes the database pools.
	 * @return by pool name, {@code primary} first, the others as they came: {@code size},
	 * {@code free}, {@code used}, {@code min_size}, {@code max_size}, {@code pending} (in
	 * connections) and {@code status}; empty if there is no database pool
	 */
	@ReadOperation
	public Map<String, Map<String, Object>> databasePools() {
		List<PoolReport> pools = this.governor.pools()
			.stream()
			.filter((pool) -> pool.kind() == PoolKind.DATABASE)
			.sorted(Comparator.comparing((pool) -> !pool.name().equals(PRIMARY)))
			.toList();
		Map<String, Map<String, Object>> json = new LinkedHashMap<>();
		pools.forEach((pool) -> json.put(pool.name(), PoolJson.database(pool)));
		return Objects.requireNonNull(OperationResponseBody.of(json));
	}

}
