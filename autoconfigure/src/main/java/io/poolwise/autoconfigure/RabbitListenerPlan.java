package io.poolwise.autoconfigure;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import io.poolwise.pool.rabbit.RabbitManagedPool;

import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Estimates how many channels the listener containers may come to need, once they are
 * there: what Boot's keys say of each. Spring tells nobody the concurrency of a single
 * container; what is open already is known exactly, and the estimate is never below it.
 */
final class RabbitListenerPlan implements ApplicationListener<ContextRefreshedEvent> {

	private static final String LISTENER = "spring.rabbitmq.listener.";

	private final RabbitPoolFactory pools;

	private final PoolKeys keys;

	RabbitListenerPlan(RabbitPoolFactory pools, PoolKeys keys) {
		this.pools = pools;
		this.keys = keys;
	}

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		Set<AbstractMessageListenerContainer> containers = containers(event.getApplicationContext());
		this.pools.makeRoomForListeners((pool) -> containers.stream()
			.filter((container) -> belongs(container, pool))
			.mapToInt(this::channels)
			.sum());
	}

	private static Set<AbstractMessageListenerContainer> containers(ListableBeanFactory beans) {
		Set<AbstractMessageListenerContainer> containers = Collections.newSetFromMap(new IdentityHashMap<>());
		containers.addAll(beans.getBeansOfType(AbstractMessageListenerContainer.class, false, false).values());
		beans.getBeansOfType(RabbitListenerEndpointRegistry.class, false, false)
			.values()
			.stream()
			.flatMap((registry) -> registry.getListenerContainers().stream())
			.filter(AbstractMessageListenerContainer.class::isInstance)
			.map(AbstractMessageListenerContainer.class::cast)
			.forEach(containers::add);
		return containers;
	}

	/**
	 * A container's factory is a view of the pool's, which equals it, not the other way
	 * round.
	 */
	private static boolean belongs(AbstractMessageListenerContainer container, RabbitManagedPool pool) {
		return container.getConnectionFactory().equals(pool.connectionFactory());
	}

	private int channels(AbstractMessageListenerContainer container) {
		if (container instanceof DirectMessageListenerContainer direct) {
			return direct.getQueueNames().length * number("direct.consumers-per-queue", 1);
		}
		return number("simple.max-concurrency", number("simple.concurrency", 1));
	}

	private int number(String name, int otherwise) {
		return this.keys.find(LISTENER + name, Integer.class).map(Setting::value).orElse(otherwise);
	}

}
