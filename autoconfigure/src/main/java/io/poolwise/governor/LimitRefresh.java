package io.poolwise.governor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.poolwise.budget.LimitReading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the pools' servers again what they grant: every few minutes, and soon where one
 * could not be asked. Safe for any thread; a server is never asked under a lock.
 */
final class LimitRefresh implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PoolGovernor.class);

	private static final Duration INTERVAL = Duration.ofMinutes(5);

	private static final Duration RETRY = Duration.ofSeconds(10);

	private final Members members;

	private final FleetLeases leases;

	private final ScheduledExecutorService executor;

	private final BiConsumer<String, LimitReading> answers;

	private final Future<?> regular;

	/**
	 * Begins to ask.
	 * @param members the pools
	 * @param leases hears of each answer first, since joining a fleet may ask the server
	 * @param executor runs what may wait for a server
	 * @param answers is given what the server of a pool said
	 */
	LimitRefresh(Members members, FleetLeases leases, ScheduledExecutorService executor,
			BiConsumer<String, LimitReading> answers) {
		this.members = members;
		this.leases = leases;
		this.executor = executor;
		this.answers = answers;
		this.regular = executor.scheduleWithFixedDelay(this::askAll, INTERVAL.toSeconds(), INTERVAL.toSeconds(),
				TimeUnit.SECONDS);
	}

	private void askAll() {
		this.members.all().forEach((member) -> ask(member.name()));
	}

	/**
	 * Asks the server of a pool now. Never throws: the pool keeps its size.
	 * @param name the pool's name; nothing happens if there is no such pool
	 */
	void ask(String name) {
		try {
			Member member = this.members.get(name);
			if (member != null) {
				ask(member);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("{}: the server's limit could not be read again, the pool keeps its size", name, ex);
		}
	}

	private void ask(Member before) {
		LimitReading reading = before.pool().limits().read();
		if (reading instanceof LimitReading.Unavailable unavailable) {
			logger.info("{}: the server's limit could not be read again, asking later: {}", before.name(),
					unavailable.reason());
			CompletableFuture.delayedExecutor(RETRY.toSeconds(), TimeUnit.SECONDS, this.executor)
				.execute(() -> ask(before.name()));
		}
		else {
			this.leases.read(before.pool(), reading, ServerPlan.budget(before.pool().request().budget(), reading));
		}
		this.answers.accept(before.name(), reading);
	}

	@Override
	public void close() {
		this.regular.cancel(true);
	}

}
