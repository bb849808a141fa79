package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LeaseServing}.
 */
class LeaseServingTests {

	private final List<Boolean> told = new ArrayList<>();

	@Test
	void applicationServesFromItsCompleteContextUntilThatIsClosed() {
		try (AnnotationConfigApplicationContext context = context()) {
			assertThat(this.told).isEmpty();
			context.refresh();
			assertThat(this.told).containsExactly(true);
		}
		assertThat(this.told).containsExactly(true, false);
	}

	@Test
	void lazyInitializationChangesNothing() {
		try (AnnotationConfigApplicationContext context = context()) {
			context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
			context.refresh();
			assertThat(this.told).containsExactly(true);
		}
		assertThat(this.told).containsExactly(true, false);
	}

	@Test
	void childContextsComeAndGoUnheard() {
		try (AnnotationConfigApplicationContext context = context()) {
			context.refresh();
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(context);
				child.refresh();
			}
			assertThat(this.told).containsExactly(true);
		}
	}

	private AnnotationConfigApplicationContext context() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(LeaseServing.class, () -> new LeaseServing(context, this.told::add));
		return context;
	}

}
