package io.poolwise.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys. What a profile says by default stands in {@code dev.properties},
 * {@code prod.properties} and {@code test.properties}.
 *
 * @param enabled whether pools are sized at all
 * @param dryRun whether sizes are decided and reported, and nothing is changed
 * @param profile the set of defaults: dev, prod or test (or an alias: development, local,
 * production, staging, ci); unset follows the active Spring profiles
 * @param replicas instances of this application in steady state, at least 1; unset means
 * that the number is not known
 * @param maxSurge instances on top of the replicas while a deployment is updated: a
 * number, or a percentage of the replicas, rounded up as Kubernetes does
 * @param leases live sharing of the budget among instances
 * @param endpoints what the endpoints show
 * @param health how health is judged
 * @param database pools of database connections (HikariCP)
 * @param redis pools of Redis connections (Lettuce)
 * @param rabbit pools of RabbitMQ channels (Spring AMQP)
 * @param web what web requests are answered that get no connection
 */
@ConfigurationProperties("pool")
public record PoolProperties(@DefaultValue("true") boolean enabled, @DefaultValue("false") boolean dryRun,
		@Nullable String profile, @Nullable Integer replicas, @DefaultValue("0") String maxSurge,
		@DefaultValue Leases leases, @DefaultValue Endpoints endpoints, @DefaultValue Health health,
		@DefaultValue Database database, @DefaultValue Redis redis, @DefaultValue Rabbit rabbit,
		@DefaultValue Web web) {

	/**
	 * Live sharing of the budget among instances. {@code url} and {@code password}, which
	 * Spring Boot might show where it fails to bind them, are bound by nobody.
	 *
	 * @param mode whether instances lease their connections from each other: auto, on or
	 * off
	 * @param namespace what the fleet on a server calls itself; applications with the
	 * same name share one budget
	 * @param seats connections of the budget that are kept free so that new instances can
	 * join, at least 1
	 * @param pollInterval how often each instance looks at the fleet, at least 100ms
	 * @param username the user for pool.leases.url
	 */
	public record Leases(@DefaultValue("off") Mode mode, @DefaultValue("poolwise") String namespace,
			@DefaultValue("2") int seats, @DefaultValue("1s") Duration pollInterval, @Nullable String username) {

		/**
		 * Whether to lease.
		 */
		public enum Mode {

			/**
			 * Where it is possible and pool.replicas is not set.
			 */
			AUTO,

			/**
			 * Always: the start stops where it is impossible.
			 */
			ON,

			/**
			 * Never.
			 */
			OFF

		}

	}

	/**
	 * What the endpoints show.
	 *
	 * @param expose whether health, prometheus, dbpool and pools are exposed over HTTP
	 * where management.endpoints.web.exposure.include is not set
	 * @param showDetails who sees more than numbers: never, when-authorized or always
	 */
	public record Endpoints(@DefaultValue("true") boolean expose,
			@DefaultValue("when-authorized") ShowDetails showDetails) {

		/**
		 * Who sees more than numbers.
		 */
		public enum ShowDetails {

			/**
			 * Nobody.
			 */
			NEVER,

			/**
			 * Users who are logged in.
			 */
			WHEN_AUTHORIZED,

			/**
			 * Everybody who may see the endpoint.
			 */
			ALWAYS

		}

	}

	/**
	 * How health is judged.
	 *
	 * @param saturationGrace how long a pool may be saturated before the instance is no
	 * longer ready; unset means for ever, since taking busy instances out makes the
	 * others busier
	 */
	public record Health(@Nullable Duration saturationGrace) {
	}

	/**
	 * What web requests are answered that get no connection.
	 *
	 * @param problemdetails answers as problem details (RFC 9457)
	 */
	public record Web(@DefaultValue Problemdetails problemdetails) {

		/**
		 * Answers as problem details.
		 *
		 * @param enabled whether a request that gets no connection of a pool is answered
		 * with 503 and Retry-After, unless the application handles it
		 */
		public record Problemdetails(@DefaultValue("true") boolean enabled) {
		}

	}

	/**
	 * Pools of database connections.
	 *
	 * @param enabled whether database pools are sized
	 * @param minSize connections that are kept open while nobody needs them, at least 0
	 * @param maxSize connections that one pool may open, at least 1
	 * @param maxOverflow connections above max-size that may be opened while callers
	 * wait, and go first, at least 0
	 * @param maxQueries statements after which a connection is closed when it comes back,
	 * and replaced; 0 for never
	 * @param acquireTimeout how long a caller waits for a connection, at least 250ms
	 * @param maxPending callers that may wait for a connection, the next one is refused
	 * at once; 0 for any number
	 * @param leakDetectionThreshold after which time a connection that is still borrowed
	 * is logged with the place where it was, 0 never, else at least 2s
	 * @param postMortem whether it is found out and logged who holds the connections when
	 * a caller gets none, unset means so
	 * @param commandTimeout how long a statement may run before the server ends it, above
	 * 0; migrations run without it
	 * @param maxInactiveLifetime how long a connection above min-size may lie idle, at
	 * least 10s
	 * @param maxLifetime how long a connection may live, at least 30s
	 * @param initSql a statement that each new connection runs; unset sets the session's
	 * time zone to UTC, empty does nothing
	 * @param warmUp whether connections are opened before the application is ready
	 * @param budget what all instances together may open on one server
	 * @param pools the same keys for one pool of several, by its name: primary, or the
	 * name of its bean
	 * @param readReplica the same keys for the pool of a read replica, and where it is
	 */
	public record Database(@DefaultValue("true") boolean enabled, @Nullable Integer minSize, @Nullable Integer maxSize,
			@Nullable Integer maxOverflow, @Nullable Integer maxQueries, @Nullable Duration acquireTimeout,
			@Nullable Integer maxPending, @Nullable Duration leakDetectionThreshold, @Nullable Boolean postMortem,
			@Nullable Duration commandTimeout, @Nullable Duration maxInactiveLifetime, @Nullable Duration maxLifetime,
			@Nullable String initSql, @DefaultValue WarmUp warmUp, @DefaultValue Budget budget,
			@DefaultValue Map<String, Pool> pools, @DefaultValue ReadReplica readReplica) {
	}

	/**
	 * Pools of Redis connections.
	 *
	 * @param enabled whether pools of Redis connections are sized
	 * @param minSize connections that are kept open while nobody needs them, at least 0
	 * @param maxSize connections of all types that one connection factory may open, at
	 * least 1: shared, blocking, reactive and for subscriptions; for a cluster, those to
	 * one node
	 * @param acquireTimeout how long a caller waits for a connection, above 0
	 * @param maxPending callers that may wait for a connection, the next one is refused
	 * at once; 0 for any number
	 * @param commandTimeout how long a command may take, above 0; commands that block on
	 * the server may take the time that they block for and this on top
	 * @param warmUp whether connections are opened before the application is ready
	 * @param budget what all instances together may open on one server
	 */
	public record Redis(@DefaultValue("true") boolean enabled, @Nullable Integer minSize, @Nullable Integer maxSize,
			@Nullable Duration acquireTimeout, @Nullable Integer maxPending, @Nullable Duration commandTimeout,
			@DefaultValue Ready warmUp, @DefaultValue Budget budget) {
	}

	/**
	 * The pool of a read replica, which read-only transactions go to. {@code url} and
	 * {@code password}, which Spring Boot might show where it fails to bind them, are
	 * bound by nobody.
	 *
	 * @param username the user there; unset means the primary's
	 * @param minSize connections that are kept open while nobody needs them, at least 0
	 * @param maxSize connections that the pool may open, at least 1
	 * @param maxOverflow connections above max-size that may be opened while callers
	 * wait, and go first, at least 0
	 * @param maxQueries statements after which a connection is closed when it comes back,
	 * and replaced; 0 for never
	 * @param acquireTimeout how long a caller waits for a connection, at least 250ms
	 * @param maxPending callers that may wait for a connection, the next one is refused
	 * at once; 0 for any number
	 * @param leakDetectionThreshold after which time a connection that is still borrowed
	 * is logged with the place where it was, 0 never, else at least 2s
	 * @param postMortem whether it is found out and logged who holds the connections when
	 * a caller gets none, unset means so
	 * @param commandTimeout how long a statement may run before the server ends it, above
	 * 0; migrations run without it
	 * @param maxInactiveLifetime how long a connection above min-size may lie idle, at
	 * least 10s
	 * @param maxLifetime how long a connection may live, at least 30s
	 * @param initSql a statement that each new connection runs; unset sets the session's
	 * time zone to UTC, empty does nothing
	 * @param warmUp whether connections are opened before the application is ready
	 * @param budget what all instances together may open on the pool's server
	 */
	public record ReadReplica(@Nullable String username, @Nullable Integer minSize, @Nullable Integer maxSize,
			@Nullable Integer maxOverflow, @Nullable Integer maxQueries, @Nullable Duration acquireTimeout,
			@Nullable Integer maxPending, @Nullable Duration leakDetectionThreshold, @Nullable Boolean postMortem,
			@Nullable Duration commandTimeout, @Nullable Duration maxInactiveLifetime, @Nullable Duration maxLifetime,
			@Nullable String initSql, @DefaultValue WarmUp warmUp, @DefaultValue Budget budget) {
	}

	/**
	 * One database pool of several.
	 *
	 * @param minSize connections that are kept open while nobody needs them, at least 0
	 * @param maxSize connections that the pool may open, at least 1
	 * @param maxOverflow connections above max-size that may be opened while callers
	 * wait, and go first, at least 0
	 * @param maxQueries statements after which a connection is closed when it comes back,
	 * and replaced; 0 for never
	 * @param acquireTimeout how long a caller waits for a connection, at least 250ms
	 * @param maxPending callers that may wait for a connection, the next one is refused
	 * at once; 0 for any number
	 * @param leakDetectionThreshold after which time a connection that is still borrowed
	 * is logged with the place where it was, 0 never, else at least 2s
	 * @param postMortem whether it is found out and logged who holds the connections when
	 * a caller gets none, unset means so
	 * @param commandTimeout how long a statement may run before the server ends it, above
	 * 0; migrations run without it
	 * @param maxInactiveLifetime how long a connection above min-size may lie idle, at
	 * least 10s
	 * @param maxLifetime how long a connection may live, at least 30s
	 * @param initSql a statement that each new connection runs; unset sets the session's
	 * time zone to UTC, empty does nothing
	 * @param warmUp whether connections are opened before the application is ready
	 * @param budget what all instances together may open on the pool's server
	 */
	public record Pool(@Nullable Integer minSize, @Nullable Integer maxSize, @Nullable Integer maxOverflow,
			@Nullable Integer maxQueries, @Nullable Duration acquireTimeout, @Nullable Integer maxPending,
			@Nullable Duration leakDetectionThreshold, @Nullable Boolean postMortem, @Nullable Duration commandTimeout,
			@Nullable Duration maxInactiveLifetime, @Nullable Duration maxLifetime, @Nullable String initSql,
			@DefaultValue WarmUp warmUp, @DefaultValue Budget budget) {
	}

	/**
	 * Pools of RabbitMQ channels.
	 *
	 * @param enabled whether the channels of connection factories are limited
	 * @param maxSize channels that one connection factory may have in use, at least 1;
	 * those of listener containers are added, and its publisher factory has as many of
	 * its own
	 * @param acquireTimeout how long a caller waits for a channel, at least 1ms
	 * @param warmUp whether the connection is opened before the application is ready
	 * @param budget what all instances together may open with one user
	 * @param management where to read the limits of the user and of the virtual host
	 */
	public record Rabbit(@DefaultValue("true") boolean enabled, @Nullable Integer maxSize,
			@Nullable Duration acquireTimeout, @DefaultValue Ready warmUp, @DefaultValue Budget budget,
			@DefaultValue Management management) {

		/**
		 * The broker's management API. {@code url} and {@code password}, which Spring
		 * Boot might show where it fails to bind them, are bound by nobody.
		 *
		 * @param username a user with the tag administrator
		 */
		public record Management(@Nullable String username) {
		}

	}

	/**
	 * Whether connections are opened before the application is ready.
	 *
	 * @param enabled whether min-size is open before the application takes requests; else
	 * connections are opened as they are wanted
	 * @param timeout after which time the application is ready anyway, at least 1ms
	 * @param rate connects a second for the pool, over the whole fleet as far as it is
	 * known, at least 1
	 */
	public record WarmUp(@Nullable Boolean enabled, @Nullable Duration timeout, @Nullable Integer rate) {
	}

	/**
	 * Whether connections are opened before the application is ready, at no pace of ours.
	 *
	 * @param enabled whether the pool is ready before the application takes requests
	 * @param timeout after which time the application is ready anyway, at least 1ms
	 */
	public record Ready(@Nullable Boolean enabled, @Nullable Duration timeout) {
	}

	/**
	 * What all instances together may open on one server.
	 *
	 * @param limit connections that the server grants, at least 1; unset asks the server
	 * @param share the part of the limit, less the reserve, that is this application's:
	 * above 0, at most 1
	 * @param reserve the part of the limit left for people and other programs: a number,
	 * or a percentage below 100%, rounded up
	 * @param onExceed what happens to an explicit size above what the budget allots:
	 * clamp cuts it, fail stops the start
	 */
	public record Budget(@Nullable Integer limit, @Nullable BigDecimal share, @Nullable String reserve,
			@Nullable OnExceed onExceed) {

		/**
		 * What happens to an explicit size above what the budget allots.
		 */
		public enum OnExceed {

			/**
			 * It is cut.
			 */
			CLAMP,

			/**
			 * The start stops.
			 */
			FAIL

		}

	}

}
