package io.poolwise.actuate;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.poolwise.governor.LeaseShare;
import io.poolwise.lease.FleetView;

/**
 * The fleet of one server, as a map in the order that a person reads it.
 */
final class FleetJson {

	private static final Comparator<FleetView.Member> SELF_FIRST = Comparator.comparing(FleetView.Member::self)
		.reversed()
		.thenComparingLong(FleetView.Member::member);

	private FleetJson() {
	}

	/**
	 * Describes a fleet.
	 * @param lease what this instance may open there
	 * @return numbers only; those of the fleet are absent before it was seen
	 */
	static Map<String, Object> of(LeaseShare lease) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("status", lease.degraded() ? "degraded" : "healthy");
		json.put("connections", lease.sessions());
		json.put("seats", lease.seats());
		FleetView fleet = lease.fleet();
		if (fleet != null) {
			json.put("members", fleet.members().size());
			json.put("slots", fleet.slots());
			json.put("slots_owned", fleet.owned());
			json.put("slots_used", fleet.used());
			json.put("slots_orphaned", fleet.orphaned());
			json.put("shares", shares(fleet));
		}
		return json;
	}

	private static List<Map<String, Object>> shares(FleetView fleet) {
		return fleet.members().stream().sorted(SELF_FIRST).map(FleetJson::share).toList();
	}

	private static Map<String, Object> share(FleetView.Member member) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("self", member.self());
		json.put("joined", member.paid());
		json.put("demand", member.demand());
		json.put("slots", member.held());
		json.put("share", member.share());
		return json;
	}

}
