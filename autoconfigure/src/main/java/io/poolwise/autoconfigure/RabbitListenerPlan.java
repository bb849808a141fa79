package io.poolwise.autoconfigure;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import io.poolwise.pool.rabbit.RabbitManagedPool;

import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Estimates how many channels the listener containers may come to need, before they are
 * started: what Boot's keys say of each, and never less than the consumers that run.
 * Spring tells nobody the concurrency that code gave to a single container.
 */
class RabbitListenerPlan implements SmartLifecycle {

	private static final String LISTENER = "spring.rabbitmq.listener.";

	private final RabbitPoolFactory pools;

	private final PoolKeys keys;

	private final ListableBeanFactory beans;

	private volatile boolean running;

	RabbitListenerPlan(RabbitPoolFactory pools, PoolKeys keys, ListableBeanFactory beans) {
		this.pools = pools;
		this.keys = keys;
		this.beans = beans;
	}

	@Override
	public void start() {
		this.running = true;
		this.pools.makeRoomForListeners(this::channels);
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Before any container.
	 */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	private int channels(RabbitManagedPool pool) {
		return containers().stream()
			.filter((container) -> this.pools.leadsTo(container.getConnectionFactory(), pool))
			.mapToInt(this::channels)
			.sum();
	}

	private Set<AbstractMessageListenerContainer> containers() {
		Set<AbstractMessageListenerContainer> containers = Collections.newSetFromMap(new IdentityHashMap<>());
		containers.addAll(this.beans.getBeansOfType(AbstractMessageListenerContainer.class, false, false).values());
		this.beans.getBeansOfType(RabbitListenerEndpointRegistry.class, false, false)
			.values()
			.stream()
			.flatMap((registry) -> registry.getListenerContainers().stream())
			.filter(AbstractMessageListenerContainer.class::isInstance)
			.map(AbstractMessageListenerContainer.class::cast)
			.forEach(containers::add);
		return containers;
	}

	private int channels(AbstractMessageListenerContainer container) {
		if (container instanceof DirectMessageListenerContainer direct) {
			return direct.getQueueNames().length * number("direct.consumers-per-queue", 1);
		}
		int said = number("simple.max-concurrency", number("simple.concurrency", 1));
		return (container instanceof SimpleMessageListenerContainer simple)
				? Math.max(said, simple.getActiveConsumerCount()) : said;
	}

	private int number(String name, int otherwise) {
		return this.keys.find(LISTENER + name, Integer.class).map(Setting::value).orElse(otherwise);
	}

}
