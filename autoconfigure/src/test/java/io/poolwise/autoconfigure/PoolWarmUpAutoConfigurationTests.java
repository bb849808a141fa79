package io.poolwise.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.poolwise.governor.PoolGovernor;
import io.poolwise.governor.PoolWarmUp;
import io.poolwise.pool.PoolCounts;
import org.junit.jupiter.api.Test;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of pools that are full when the application becomes ready.
 */
class PoolWarmUpAutoConfigurationTests {

	private final List<PoolCounts> whenReady = new ArrayList<>();

	@Test
	void minimumIsOpenBeforeTrafficIsAccepted() {
		run("pool.profile=prod", "pool.database.min-size=4");
		assertThat(this.whenReady).containsExactly(new PoolCounts(4, 4, 0, 0));
	}

	@Test
	void devAndTestOpenWhatIsWanted() {
		run("pool.profile=dev");
		run("pool.profile=test");
		assertThat(this.whenReady).containsExactly(PoolCounts.EMPTY, PoolCounts.EMPTY);
	}

	@Test
	void canBeSwitchedOffAndOn() {
		run("pool.profile=prod", "pool.database.warm-up.enabled=false");
		run("pool.profile=prod", "pool.database.pools.primary.warm-up.enabled=false");
		run("pool.profile=dev", "pool.database.pools.primary.warm-up.enabled=true");
		assertThat(this.whenReady).containsExactly(PoolCounts.EMPTY, PoolCounts.EMPTY, new PoolCounts(5, 5, 0, 0));
	}

	@Test
	void dryRunFillsNothing() {
		try (ConfigurableApplicationContext context = application()
			.with("pool.profile=prod", "pool.dry-run=true", "pool.database.warm-up.enabled=true")
			.run()) {
			assertThat(context.getBeanNamesForType(PoolWarmUp.class)).isEmpty();
		}
	}

	@Test
	void switchedOffAltogetherThereIsNoRunner() {
		try (ConfigurableApplicationContext context = application().with("pool.enabled=false").run()) {
			assertThat(context.getBeanNamesForType(PoolWarmUp.class)).isEmpty();
		}
	}

	private void run(String... properties) {
		TestApplication application = application();
		application.application().addListeners((ApplicationListener<AvailabilityChangeEvent<?>>) (event) -> {
			if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
				PoolGovernor governor = ((ConfigurableApplicationContext) event.getSource())
					.getBean(PoolGovernor.class);
				this.whenReady.add(governor.pool("primary").orElseThrow().actual());
			}
		});
		application.with(properties).run().close();
	}

	private static TestApplication application() {
		return TestApplication.onH2();
	}

}
