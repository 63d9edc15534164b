package org.perseid.io.par;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.Vec3;

class CameraPathTest {
    private static final String BASE =
            """
            infile=a
            ptypes=1
            palette0=viridis
            size_fix0=1
            outfile=o
            camera_x=10
            camera_y=0
            camera_z=0
            lookat_x=0
            lookat_y=0
            lookat_z=0
            """;

    @TempDir private Path folder;

    private List<Camera> path(String value) {
        ParameterTable table =
                ParameterTable.parse(
                        BASE + "camera_path=" + value + "\n",
                        "t.par",
                        folder,
                        List.of(),
                        new Problems());
        return JobReader.readFrames(table, Reporter.SILENT).stream()
                .map(f -> f.job().views().getFirst().camera())
                .toList();
    }

    private List<Camera> file(String text) throws IOException {
        Files.writeString(folder.resolve("p.path"), text);
        return path("p.path");
    }

    private static Vec3 view(Camera camera) {
        return camera.lookAt().minus(camera.eye()).normalized();
    }

    @Test
    void anOrbitIsACircleRoundTheTarget() {
        List<Camera> cameras = path("orbit frames=8");
        assertThat(cameras).hasSize(8);
        for (int i = 0; i < 8; i++) {
            double angle = Math.PI / 4 * i;
            assertThat(cameras.get(i).eye().x()).isEqualTo(10 * Math.cos(angle), within(1e-6));
            assertThat(cameras.get(i).eye().y()).isEqualTo(10 * Math.sin(angle), within(1e-6));
            assertThat(cameras.get(i).lookAt().length()).isLessThan(1e-6);
        }
        List<Camera> quarter = path("orbit frames=10 degrees=90");
        assertThat(quarter.getLast().eye().y()).isEqualTo(10, within(1e-6));
    }

    @Test
    void zoomAndFlythroughGoWhereTheyAreTold() {
        List<Camera> zoom = path("zoom frames=11 factor=5 ease=0");
        assertThat(zoom.getLast().eye().x()).isEqualTo(2, within(1e-6));
        assertThat(zoom.getLast().lookAt().length()).isLessThan(1e-6);
        List<Camera> through = path("flythrough frames=11 through=0.5");
        assertThat(through.getLast().eye().x()).isEqualTo(-5, within(1e-6));
        assertThat(view(through.getLast()).x()).isEqualTo(-1, within(1e-9));
        // Eased in and out, the middle frame is in the middle, and the first steps are short.
        assertThat(through.get(5).eye().x()).isEqualTo(2.5, within(1e-6));
        assertThat(10 - through.get(1).eye().x()).isLessThan(0.5);
    }

    @Test
    void theSpeedIsEvenAlongTheWay() throws IOException {
        List<Camera> cameras =
                file(
                        """
                        # three poses
                        frames=101
                        ease=false
                        camera_x camera_y camera_z lookat_x lookat_y lookat_z
                        0 0 0   0 10 0
                        4 0 0   4 10 0
                        4 12 0  14 12 0
                        """);
        double step = cameras.get(1).eye().minus(cameras.get(0).eye()).length();
        for (int i = 1; i < 100; i++) {
            assertThat(cameras.get(i + 1).eye().minus(cameras.get(i).eye()).length())
                    .isEqualTo(step, within(0.01 * step));
        }
        assertThat(cameras.getFirst().eye().length()).isLessThan(1e-9);
        assertThat(cameras.getLast().eye().y()).isEqualTo(12, within(1e-6));
        assertThat(view(cameras.getLast()).x()).isEqualTo(1, within(1e-6));
        // Through the middle pose, where it looks along +y still.
        double nearest =
                cameras.stream()
                        .mapToDouble(c -> c.eye().minus(new Vec3(4, 0, 0)).length())
                        .min()
                        .orElseThrow();
        assertThat(nearest).isLessThan(step);
    }

    @Test
    void aTargetThatTwoPosesShareStaysInTheMiddle() throws IOException {
        List<Camera> cameras =
                file(
                        """
                        frames=21
                        camera_x camera_y camera_z lookat_x lookat_y lookat_z
                        9 0 1   1 2 3
                        0 9 5   1 2 3
                        -7 2 9  1 2 3
                        """);
        for (Camera camera : cameras) {
            assertThat(camera.lookAt().minus(new Vec3(1, 2, 3)).length()).isLessThan(1e-8);
        }
    }

    @Test
    void framesAndOtherParametersAreMetExactly() throws IOException {
        Files.writeString(
                folder.resolve("p.path"),
                """
                frame camera_x camera_y camera_z lookat_x lookat_y lookat_z fov brightness0
                0  0 0 0  0 8 0  60 1
                4  1 0 0  1 2 0  40 3
                10 5 0 0  5 2 0  20 0
                """);
        ParameterTable table =
                ParameterTable.parse(
                        BASE + "camera_path=p.path\n", "t.par", folder, List.of(), new Problems());
        List<FrameJob> frames = JobReader.readFrames(table, Reporter.SILENT);
        assertThat(frames).hasSize(11);
        Camera fourth = frames.get(4).job().views().getFirst().camera();
        assertThat(fourth.eye().x()).isEqualTo(1, within(1e-6));
        assertThat(fourth.fovDeg()).isEqualTo(40, within(1e-6));
        assertThat(fourth.distance()).isEqualTo(2, within(1e-6));
        Camera second = frames.get(2).job().views().getFirst().camera();
        assertThat(second.distance()).isBetween(2.0, 8.0);
        assertThat(frames.get(10).job().types().getFirst().style().brightness()).isZero();
        assertThat(frames.get(7).number()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "orbit frames=1; has 1 poses; a path needs at least two",
                "orbit fraems=9; orbit has no setting 'fraems'",
                "orbit 9; '9' is no setting; expected NAME=VALUE",
                "zoom factor=abc; factor is 'abc'; must be a number",
                "zoom factor=-1; factor is -1.0; must be above 0",
                "nothere.path; no such camera path"
            })
    void whatIsWrongWithAGeneratorIsSaid(String value, String message) {
        assertThatThrownBy(() -> path(value))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "camera_x camera_y; has no column camera_z",
                "camera_x camera_y camera_z lookat_x lookat_y lookat_z|1 2 3; has 3 values; expected 6",
                "camera_x camera_y camera_z lookat_x lookat_y lookat_z|1 2 3 4 5 x; lookat_z is 'x'; must be a number",
                "camera_x camera_y camera_z lookat_x lookat_y lookat_z|1 2 3 1 2 3; the camera is at its target",
                "camera_x camera_y camera_z lookat_x lookat_y lookat_z|0 0 0 0 0 3; looks along the sky",
                "frames=9|camera_x camera_y camera_z lookat_x lookat_y lookat_z|1 2 3 4 5 6; has 1 poses; a path needs",
                "frames=x; expected frames=N or ease",
                "camera_x camera_y camera_z lookat_x lookat_y lookat_z|1 2 3 4 5 6|1 2 4 4 5 6; makes 0 frames",
                "frame camera_x camera_y camera_z lookat_x lookat_y lookat_z|5 1 2 3 4 5 6|5 1 2 3 4 5 7; frames must rise"
            })
    void whatIsWrongWithAFileIsSaid(String text, String message) {
        assertThatThrownBy(() -> file(text.replace('|', '\n')))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aPathAndASceneFileAreOneTooMany() {
        assertThatThrownBy(() -> path("orbit\nscene_file=a.scene"))
                .hasMessageContaining("cannot be had together with scene_file");
    }
}
