package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RelaunchTest {
    @Test
    void theNewCommandLineHasVectorsAndNoCacheOfTheOldOne() {
        assertThat(
                        Relaunch.arguments(
                                "java",
                                "-XX:AOTCache=x.aot",
                                "-cp",
                                "a.jar",
                                "org.perseid.app.Main",
                                "render",
                                "",
                                "big.par",
                                ""))
                .containsExactly(
                        "java",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        "a.jar",
                        "org.perseid.app.Main",
                        "render",
                        "",
                        "big.par");
    }

    @Test
    void itIsNotDoneTwiceNorToAnotherProgram() {
        assertThat(
                        Relaunch.arguments(
                                "java",
                                "--add-modules=jdk.incubator.vector",
                                "org.perseid.app.Main",
                                ""))
                .isEmpty();
        assertThat(Relaunch.arguments("java", "some.Test", "")).isEmpty();
    }
}
