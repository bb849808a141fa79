package io.poolwise.autoconfigure;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once an application, of a JVM whose time zone is not the one that its sessions
 * are given.
 */
final class TimeZoneWarning {

	private static final Logger logger = LoggerFactory.getLogger(TimeZoneWarning.class);

	private final AtomicBoolean given = new AtomicBoolean();

	/**
	 * Says that the sessions of a pool use UTC by default.
	 * @param pool the pool's name
	 */
	void sessionsUseUtc(String pool) {
		TimeZone jvm = TimeZone.getDefault();
		if (!isUtc(jvm.toZoneId().getRules()) && this.given.compareAndSet(false, true)) {
			logger.warn(
					"{}: sessions use the time zone UTC and this JVM uses {}: the two differ in what is now and "
							+ "today, and in times without a zone. Run the JVM with -Duser.timezone=UTC, or set "
							+ "pool.database.init-sql to what a session is to be given, if only to nothing.",
					pool, jvm.getID());
		}
	}

	private static boolean isUtc(ZoneRules rules) {
		return rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC) && rules.nextTransition(Instant.EPOCH) == null;
	}

}
