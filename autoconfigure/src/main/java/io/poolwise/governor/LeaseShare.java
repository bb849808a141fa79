package io.poolwise.governor;

import java.util.Map;

import io.poolwise.budget.PoolUse;
import io.poolwise.lease.FleetView;
import org.jspecify.annotations.Nullable;

/**
 * What this instance may open on one server, by its leases.
 *
 * @param sessions connections that the pools may have in total, at least 0
 * @param degraded whether the instance can't take part at present: what is open stays
 * open, and nothing is opened
 * @param complete whether the instance has what it is sure of, whatever the others want
 * @param reason how it came to that, one line
 * @param seats connections kept free so that new instances can join
 * @param uses what the pools use, by name, as of when it last mattered for the split
 * among them
 * @param fleet the fleet as it was last seen, {@code null} before that
 */
public record LeaseShare(int sessions, boolean degraded, boolean complete, String reason, int seats,
		Map<String, PoolUse> uses, @Nullable FleetView fleet) {
}
