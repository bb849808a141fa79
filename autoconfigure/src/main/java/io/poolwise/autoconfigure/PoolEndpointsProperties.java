package io.poolwise.autoconfigure;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoints show.
 *
 * @param showDetails who sees more than numbers at the endpoint "pools": instance,
 * versions, reasons and decisions
 */
@ConfigurationProperties("pool.endpoints")
record PoolEndpointsProperties(@DefaultValue("when-authorized") Show showDetails) {
}
