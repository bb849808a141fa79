package io.poolwise.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.poolwise.governor.FleetMode;
import io.poolwise.governor.FleetPolicy;
import io.poolwise.governor.LeaseShare;
import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolReport;
import io.poolwise.governor.UngovernedPool;
import io.poolwise.pool.PostMortem;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The pools of all kinds: what each is, what it was told to be, and why. Read-only; waits
 * for no pool and asks no server.
 */
@Endpoint(id = "pools")
public class PoolsEndpoint {

	private final PoolGovernor governor;

	private final ApplicationIdentity identity;

	private final UsageHistory history;

	private final Show showDetails;

	/**
	 * Creates the endpoint.
	 * @param governor knows the pools
	 * @param history what the pools did lately
	 * @param identity says who answers
	 * @param showDetails who sees more than numbers
	 */
	public PoolsEndpoint(PoolGovernor governor, UsageHistory history, ApplicationIdentity identity, Show showDetails) {
		this.governor = governor;
		this.history = history;
		this.identity = identity;
		this.showDetails = showDetails;
	}

	/**
	 * Describes the pools to whoever may call the operation other than over HTTP.
	 * @return see {@link #describe(boolean)}
	 */
	// the same as what the web extension produces, or it would not replace this one
	@ReadOperation(producesFrom = PoolsFormat.class)
	public Map<String, Object> pools() {
		return describe(this.showDetails.isShown(true));
	}

	/**
	 * Describes the pools.
	 * @param details whether to tell the instance, the reasons and the decisions; without
	 * them there are only numbers, and no server's version
	 * @return {@code profile}, {@code application}, {@code instance}, {@code fleet},
	 * {@code pools}, {@code ungoverned} and {@code decisions} (oldest first), in this
	 * order; a key of which nothing is known is absent
	 */
	Map<String, Object> describe(boolean details) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("profile", this.identity.profile());
		this.identity.application().ifPresent((application) -> json.put("application", application));
		if (details) {
			json.put("instance", this.identity.instance());
		}
		json.put("fleet", fleet(this.governor.fleet(), this.governor.leases()));
		json.put("pools", this.governor.pools().stream().map((pool) -> pool(pool, details)).toList());
		List<UngovernedPool> ungoverned = this.governor.ungoverned();
		if (!ungoverned.isEmpty()) {
			json.put("ungoverned", ungoverned.stream().map((pool) -> PoolJson.ungoverned(pool, details)).toList());
		}
		if (details) {
			json.put("decisions", this.governor.decisions().stream().map(PoolJson::decision).toList());
		}
		return Objects.requireNonNull(OperationResponseBody.of(json));
	}

	/**
	 * The numbers of the last minutes.
	 * @return see {@link UsageHistory#recent()}
	 */
	Map<String, Object> history() {
		return this.history.recent();
	}

	private Map<String, Object> pool(PoolReport pool, boolean details) {
		Map<String, Object> json = PoolJson.pool(pool, details);
		PostMortem postMortem = this.governor.activity(pool.name()).trouble().postMortem();
		if (details && postMortem != null) {
			json.put("post_mortem", PoolJson.postMortem(postMortem));
		}
		if (details) {
			json.put("advice", AdviceJson.of(this.history.advice(pool.name())));
		}
		return json;
	}

	private static Map<String, Object> fleet(FleetPolicy policy, List<LeaseShare> leases) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("mode", policy.mode().id());
		if (policy.mode() == FleetMode.FIXED) {
			json.put("members", policy.fleet().replicas());
			json.put("replicas", policy.fleet().replicas());
			json.put("surge", policy.fleet().surge());
		}
		if (leases.size() == 1) {
			json.putAll(FleetJson.of(leases.get(0)));
		}
		else if (!leases.isEmpty()) {
			json.put("servers", leases.stream().map(FleetJson::of).toList());
		}
		return json;
	}

}
