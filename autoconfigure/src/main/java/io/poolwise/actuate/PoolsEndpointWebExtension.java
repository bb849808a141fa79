package io.poolwise.actuate;

import java.util.Map;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The endpoint {@code pools} over HTTP, where a caller may be unknown.
 */
@EndpointWebExtension(endpoint = PoolsEndpoint.class)
public final class PoolsEndpointWebExtension {

	private final PoolsEndpoint delegate;

	private final Show showDetails;

	/**
	 * Creates the extension.
	 * @param delegate describes the pools
	 * @param showDetails who sees more than numbers; {@link Show#WHEN_AUTHORIZED} means
	 * every caller that has signed in
	 */
	public PoolsEndpointWebExtension(PoolsEndpoint delegate, Show showDetails) {
		this.delegate = delegate;
		this.showDetails = showDetails;
	}

	/**
	 * Describes the pools, as far as the caller may see them.
	 * @param securityContext the caller
	 * @return the description
	 */
	@ReadOperation
	public Map<String, Object> pools(SecurityContext securityContext) {
		return this.delegate.describe(this.showDetails.isShown(securityContext, Set.of()));
	}

}
