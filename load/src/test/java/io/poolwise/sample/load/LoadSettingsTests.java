package io.poolwise.sample.load;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LoadSettings}.
 */
class LoadSettingsTests {

	@Test
	void playsAllAndWritesTheDocumentsUnlessToldOtherwise() {
		LoadSettings settings = LoadSettings.of("scenario=", "jar=a.jar");
		assertThat(settings.scenarios()).containsExactly(Scenario.values());
		assertThat(settings.results()).hasToString("../docs/results");
	}

	@Test
	void writesOneScenarioBesideItsLogs() {
		LoadSettings settings = LoadSettings.of("scenario=ten-logins", "work=w");
		assertThat(settings.scenarios()).containsExactly(Scenario.TEN_LOGINS);
		assertThat(settings.results()).isEqualTo(settings.work());
	}

	@Test
	void readsSeveralScenariosAndContenders() {
		LoadSettings settings = LoadSettings.of("scenario=fleet,hot", "contenders=stock,poolwise-leases", "report=100");
		assertThat(settings.scenarios()).containsExactly(Scenario.FLEET, Scenario.HOT);
		assertThat(settings.contenders()).containsExactly("stock", "poolwise-leases");
		assertThat(settings.report()).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void refusesWhatItDoesNotKnow() {
		assertThatIllegalArgumentException().isThrownBy(() -> LoadSettings.of("senario=fleet"))
			.withMessageContaining("'senario=fleet' isn't key=value with a key of [scenario, ");
	}

	@Test
	void knowsEachContenderOfEachScenario() {
		for (Scenario scenario : Scenario.values()) {
			if (scenario != Scenario.COLD) {
				scenario.contenders()
					.stream()
					.filter((name) -> !name.equals("oracle"))
					.forEach((name) -> assertThat(Contender.of(name).properties().apply(scenario.plan())).isNotEmpty());
			}
		}
	}

}
