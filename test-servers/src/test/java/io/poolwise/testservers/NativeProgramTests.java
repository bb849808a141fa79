package io.poolwise.testservers;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link NativeProgram}.
 */
class NativeProgramTests {

	@Test
	void findsAnInstalledProgramWhoseLibrariesNeedNoHelp() {
		NativeProgram program = NativeProgram.find("shell", "no/such/folder/sh");
		assertThat(program.file()).isExecutable().hasFileName("sh");
		assertThat(program.root()).isEqualTo(Path.of("/"));
		assertThat(program.environment()).isEmpty();
	}

	@Test
	void saysHowToGetAMissingProgram() {
		assertThatExceptionOfType(ServerMissingException.class)
			.isThrownBy(() -> NativeProgram.find("pgwonder", "usr/sbin/pgwonder"))
			.withMessageContaining("pgwonder is not on this machine")
			.withMessageContaining("./verify")
			.withMessageContaining("PATH");
	}

}
