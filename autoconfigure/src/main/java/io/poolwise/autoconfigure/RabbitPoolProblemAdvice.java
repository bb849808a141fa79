package io.poolwise.autoconfigure;

import org.springframework.amqp.AmqpTimeoutException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers requests that did not get a RabbitMQ channel, however deep the reason lies,
 * after every handler of the application.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class RabbitPoolProblemAdvice {

	private final ObjectProvider<RabbitPoolFactory> pools;

	RabbitPoolProblemAdvice(ObjectProvider<RabbitPoolFactory> pools) {
		this.pools = pools;
	}

	/**
	 * Answers. Spring AMQP says the same of whatever took too long, and where it wasn't a
	 * channel, the reason is the cause.
	 */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> handle(AmqpTimeoutException failure) {
		if (failure.getCause() != null) {
			throw failure;
		}
		RabbitPoolFactory pools = this.pools.getObject();
		return PoolProblem.answer(pools.exhausted(), pools.retryAfter());
	}

}
