package io.poolwise.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.core.Ordered;

/**
 * Puts the endpoint {@code dbpool} beside the standard meters, at
 * {@code metrics/db-pool}. Comes last, so that an operator's own mapping wins.
 */
public class DbPoolPathMapper implements PathMapper, Ordered {

	private static final EndpointId DB_POOL = EndpointId.of("dbpool");

	@Override
	public @Nullable String getRootPath(EndpointId endpointId) {
		return endpointId.equals(DB_POOL) ? "metrics/db-pool" : null;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
