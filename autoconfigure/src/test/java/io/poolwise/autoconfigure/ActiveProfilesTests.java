package io.poolwise.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the choice of a profile by {@link ActiveProfiles @ActiveProfiles}.
 */
@SpringBootTest(classes = TestApplication.Bare.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
@ActiveProfiles({ "prod", "ci" })
class ActiveProfilesTests {

	@Test
	void theyAreFollowed(@Autowired ConfigurableEnvironment environment) {
		ProfileDefaults defaults = ProfileDefaults.in(environment.getPropertySources());
		assertThat(defaults).isNotNull();
		assertThat(defaults.profile()).isEqualTo(PoolProfile.TEST);
		assertThat(environment.getProperty("pool.database.max-size")).isEqualTo("5");
	}

}
