package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RelaunchTest {
    @Test
    void theNewCommandLineHasVectorsAndNoCacheOfTheOldOne() {
        assertThat(
                        Relaunch.arguments(
                                List.of(),
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
                                List.of(),
                                "java",
                                "--add-modules=jdk.incubator.vector",
                                "org.perseid.app.Main",
                                ""))
                .isEmpty();
        assertThat(Relaunch.arguments(List.of(), "java", "some.Test", "")).isEmpty();
    }
}
