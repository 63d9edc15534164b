package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.Problems;

class LiveSceneTest {
    @TempDir private Path folder;

    private LiveScene scene() throws IOException {
        Path parameters = LiveServer.writeGalaxy(folder, 3000);
        return new LiveScene(ParameterTable.read(parameters, List.of(), new Problems()), Map.of());
    }

    private static String text(LiveScene scene, String key) {
        return scene.state().table().text(key);
    }

    @Test
    void whatIsAmendedIsAPartOfTheStepBefore() throws IOException {
        LiveScene scene = scene();
        String first = text(scene, "color_max0");
        scene.set(Map.of("brightness0", "7"));
        scene.amend(scene.state(), Map.of("color_max0", "2.5"));
        assertThat(text(scene, "color_max0")).isEqualTo("2.5");
        assertThat(scene.undo()).isTrue();
        assertThat(text(scene, "color_max0")).isEqualTo(first);
        assertThat(scene.redo()).isTrue();
        assertThat(text(scene, "color_max0")).isEqualTo("2.5");
        assertThat(text(scene, "brightness0")).isEqualTo("7");
    }

    @Test
    void whatWasHiddenIsShownAgainAfterANewStart() throws IOException {
        LiveScene scene = scene();
        String shown = text(scene, "brightness1");
        scene.show(1, false);
        assertThat(text(scene, "brightness1")).isEqualTo("0");
        LiveState kept = new LiveState(folder);
        assertThat(kept.hidden()).isEmpty();
        kept.keep(scene.state().table().toText(), scene.state().hidden());
        LiveScene again =
                new LiveScene(
                        ParameterTable.read(kept.parameters(), List.of(), new Problems()),
                        kept.hidden());
        assertThat(text(again, "brightness1")).isEqualTo("0");
        assertThat(again.state().hidden()).containsOnlyKeys(1);
        again.show(1, true);
        assertThat(text(again, "brightness1")).isEqualTo(shown);
    }

    @Test
    void nothingIsAmendedAfterAnotherStep() throws IOException {
        LiveScene scene = scene();
        String first = text(scene, "color_max0");
        scene.set(Map.of("brightness0", "7"));
        LiveScene.State of = scene.state();
        assertThat(scene.undo()).isTrue();
        scene.amend(of, Map.of("color_max0", "2.5"));
        assertThat(text(scene, "color_max0")).isEqualTo(first);
    }
}
