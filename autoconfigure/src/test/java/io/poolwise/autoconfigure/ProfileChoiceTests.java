package io.poolwise.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link ProfileChoice}, made as an application starts.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProfileChoiceTests {

	@ParameterizedTest
	@CsvSource({ "dev, DEV", "development, DEV", "local, DEV", "prod, PROD", "production, PROD", "staging, PROD",
			"test, TEST", "ci, TEST", "PROD, PROD", "Staging, PROD", "CI, TEST", "Local, DEV" })
	void nameOrAliasInAnyCaseIsKnown(String name, PoolProfile expected) {
		assertThat(chosenBy("pool.profile=" + name)).isEqualTo(expected);
		assertThat(chosenBy("spring.profiles.active=" + name)).isEqualTo(expected);
	}

	@Test
	void lastKnownSpringProfileWinsAndTheOtherIsNamed(CapturedOutput output) {
		assertThat(chosenBy("spring.profiles.active=prod,eu,test,blue")).isEqualTo(PoolProfile.TEST);
		assertThat(output).contains("Pool profile test, because the Spring profile 'test' is active")
			.contains("comes after 'prod'")
			.contains("set pool.profile to choose another");
	}

	@Test
	void twoNamesOfOneProfileAreNoContradiction(CapturedOutput output) {
		assertThat(chosenBy("spring.profiles.active=production,prod")).isEqualTo(PoolProfile.PROD);
		assertThat(output).contains("Pool profile prod").doesNotContain("comes after");
	}

	@Test
	void oneLineSaysWhichAndWhy(CapturedOutput output) {
		chosenBy("spring.profiles.active=staging");
		assertThat(output.toString().lines().filter((line) -> line.contains("Pool profile"))).singleElement()
			.asString()
			.contains("Pool profile prod, because the Spring profile 'staging' is active")
			.contains("INFO");
	}

	@Test
	void groupsAreFollowed() {
		assertThat(chosenBy("spring.profiles.group.live=eu,prod", "spring.profiles.active=live"))
			.isEqualTo(PoolProfile.PROD);
	}

	@Test
	void includesAreFollowed() {
		assertThat(chosenBy("spring.profiles.include=test", "spring.profiles.active=eu")).isEqualTo(PoolProfile.TEST);
	}

	@Test
	void activeProfileComesAfterAnIncludedOne() {
		assertThat(chosenBy("spring.profiles.include=test", "spring.profiles.active=prod")).isEqualTo(PoolProfile.PROD);
	}

	@Test
	void additionalProfilesOfTheApplicationAreFollowed() {
		TestApplication application = TestApplication.bare();
		application.application().setAdditionalProfiles("ci");
		assertThat(chosen(application)).isEqualTo(PoolProfile.TEST);
	}

	@Test
	void keyBeatsSpringProfileAndCloudPlatform(CapturedOutput output) {
		assertThat(
				chosenBy("pool.profile=test", "spring.profiles.active=prod", "spring.main.cloud-platform=kubernetes"))
			.isEqualTo(PoolProfile.TEST);
		assertThat(output).contains("Pool profile test, because pool.profile says so");
	}

	@Test
	void keyCanBeAnEnvironmentVariable() {
		assertThat(chosen(TestApplication.bare().withVariable("POOL_PROFILE", "production")))
			.isEqualTo(PoolProfile.PROD);
	}

	@Test
	void blankKeyIsNoChoice() {
		assertThat(chosenBy("pool.profile=", "spring.profiles.active=test")).isEqualTo(PoolProfile.TEST);
	}

	@Test
	void enforcedCloudPlatformMeansProd(CapturedOutput output) {
		assertThat(chosenBy("spring.main.cloud-platform=kubernetes")).isEqualTo(PoolProfile.PROD);
		assertThat(output)
			.contains("Pool profile prod, because the cloud platform is kubernetes and no known profile is active");
	}

	@Test
	void detectedCloudPlatformMeansProd() {
		TestApplication application = TestApplication.bare()
			.withVariable("KUBERNETES_SERVICE_HOST", "10.0.0.1")
			.withVariable("KUBERNETES_SERVICE_PORT", "443");
		assertThat(chosen(application)).isEqualTo(PoolProfile.PROD);
	}

	@Test
	void springProfileBeatsCloudPlatform() {
		assertThat(chosenBy("spring.main.cloud-platform=kubernetes", "spring.profiles.active=dev"))
			.isEqualTo(PoolProfile.DEV);
	}

	@Test
	void cloudPlatformNoneIsNoCloudPlatform() {
		TestApplication application = TestApplication.bare()
			.with("spring.main.cloud-platform=none")
			.withVariable("KUBERNETES_SERVICE_HOST", "10.0.0.1")
			.withVariable("KUBERNETES_SERVICE_PORT", "443");
		assertThat(chosen(application)).isEqualTo(PoolProfile.DEV);
	}

	@Test
	void elseItIsDev(CapturedOutput output) {
		assertThat(chosenBy("spring.profiles.active=eu")).isEqualTo(PoolProfile.DEV);
		assertThat(chosenBy()).isEqualTo(PoolProfile.DEV);
		assertThat(output).contains("Pool profile dev, because no known profile is active");
	}

	@ParameterizedTest
	@ValueSource(strings = { "prd", "dev,test", "none" })
	void unknownNameStopsTheStartAndTellsTheKnownOnes(String name, CapturedOutput output) {
		assertThatException().isThrownBy(() -> chosenBy("pool.profile=" + name));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '" + name + "' for configuration property 'pool.profile'")
			.contains("originating from '\"pool.profile\" from property source \"commandLineArgs\"")
			.contains("Use one of dev, development, local, prod, production, staging, test, ci.");
	}

	private static PoolProfile chosenBy(String... properties) {
		return chosen(TestApplication.bare().with(properties));
	}

	private static PoolProfile chosen(TestApplication application) {
		try (ConfigurableApplicationContext context = application.run()) {
			ProfileDefaults defaults = ProfileDefaults.in(context.getEnvironment().getPropertySources());
			assertThat(defaults).isNotNull();
			return defaults.profile();
		}
	}

}
