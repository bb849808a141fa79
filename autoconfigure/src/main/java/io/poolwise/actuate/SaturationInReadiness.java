package io.poolwise.actuate;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Makes the saturation of pools a part of the readiness group and of no other: not of the
 * whole, and never of liveness, since a restart of a busy instance makes the others
 * busier. Comes after Spring Boot has made the groups for the probes.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
public class SaturationInReadiness implements HealthEndpointGroupsPostProcessor {

	private final String contributor;

	/**
	 * Creates the post-processor.
	 * @param contributor the name of the part that tells the saturation
	 */
	public SaturationInReadiness(String contributor) {
		this.contributor = contributor;
	}

	@Override
	public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
		return new Groups(groups, this.contributor);
	}

	private record Groups(HealthEndpointGroups delegate,
			String contributor) implements HealthEndpointGroups, AdditionalPathsMapper {

		private static final String READINESS = "readiness";

		@Override
		public HealthEndpointGroup getPrimary() {
			return new Group(this.delegate.getPrimary(), this.contributor, false);
		}

		@Override
		public Set<String> getNames() {
			return this.delegate.getNames();
		}

		@Override
		public @Nullable HealthEndpointGroup get(String name) {
			HealthEndpointGroup group = this.delegate.get(name);
			return (group != null) ? new Group(group, this.contributor, name.equals(READINESS)) : null;
		}

		@Override
		public @Nullable List<String> getAdditionalPaths(EndpointId endpointId, WebServerNamespace namespace) {
			return (this.delegate instanceof AdditionalPathsMapper mapper)
					? mapper.getAdditionalPaths(endpointId, namespace) : null;
		}

	}

	private record Group(HealthEndpointGroup delegate, String contributor,
			boolean included) implements HealthEndpointGroup {

		@Override
		public boolean isMember(String name) {
			return name.equals(this.contributor) ? this.included : this.delegate.isMember(name);
		}

		@Override
		public boolean showComponents(SecurityContext securityContext) {
			return this.delegate.showComponents(securityContext);
		}

		@Override
		public boolean showDetails(SecurityContext securityContext) {
			return this.delegate.showDetails(securityContext);
		}

		@Override
		public StatusAggregator getStatusAggregator() {
			return this.delegate.getStatusAggregator();
		}

		@Override
		public HttpCodeStatusMapper getHttpCodeStatusMapper() {
			return this.delegate.getHttpCodeStatusMapper();
		}

		@Override
		public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
			return this.delegate.getAdditionalPath();
		}

	}

}
