package io.poolwise.sample.order;

import java.net.URI;
import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * The orders' HTTP interface.
 */
@RestController
class OrderController {

	private final Checkout checkout;

	private final OrderService orders;

	OrderController(Checkout checkout, OrderService orders) {
		this.checkout = checkout;
		this.orders = orders;
	}

	/**
	 * Place an order: 201, or 202 while the order is stored but not announced yet.
	 * @param wanted what the customer asks for
	 * @return the stored order
	 */
	@PostMapping("/orders")
	ResponseEntity<Order> place(@RequestBody NewOrder wanted) {
		Receipt receipt = this.checkout.place(wanted);
		Order order = receipt.order();
		URI location = ServletUriComponentsBuilder.fromCurrentRequest().path("/{id}").build(order.id());
		HttpStatus status = receipt.announced() ? HttpStatus.CREATED : HttpStatus.ACCEPTED;
		return ResponseEntity.status(status).location(location).body(order);
	}

	@GetMapping("/orders/{id}")
	Order get(@PathVariable long id) {
		return this.checkout.get(id);
	}

	@GetMapping("/orders")
	List<OrderSummary> list(@RequestParam(defaultValue = "" + Long.MAX_VALUE) long before,
			@RequestParam(defaultValue = "20") int limit) {
		return this.orders.list(before, limit);
	}

	@GetMapping("/products")
	List<Product> products() {
		return this.orders.products();
	}

	@PostMapping("/deliveries")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void deliver(@RequestBody NewOrder.Line delivery) {
		this.checkout.deliver(delivery);
	}

}
