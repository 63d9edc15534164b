package org.perseid.io.par;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.renderer.model.Projection;
import org.perseid.renderer.model.Shading;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Vec3;

class JobReaderTest {
    private static final String GOOD =
            """
            simtype=2
            infile = snap_   # a comment
            outfile=out
            palette0=viridis
            size_fix0=0
            camera_x=1
            camera_y=2
            camera_z=3
            lookat_x=0
            lookat_y=0
            lookat_z=0
            """;

    @TempDir private Path folder;
    private final TestReporter reporter = new TestReporter();

    private RenderJob read(String text, String... overrides) {
        Problems problems = new Problems();
        return JobReader.read(
                ParameterTable.parse(text, "t.par", folder, List.of(overrides), problems),
                reporter);
    }

    private void assertError(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void defaultsAreSplotchs() {
        RenderJob job = read(GOOD);
        assertThat(job.width()).isEqualTo(800);
        assertThat(job.height()).isEqualTo(800);
        assertThat(job.views().getFirst().camera().fovDeg()).isEqualTo(45);
        assertThat(job.views().getFirst().camera().projection()).isEqualTo(Projection.PERSPECTIVE);
        assertThat(job.views().getFirst().camera().zMax()).isEqualTo(1e23);
        assertThat(job.periodic()).isTrue();
        assertThat(job.shading()).isEqualTo(new Shading.Emission());
        assertThat(job.minRadiusPx()).isEqualTo(1);
        assertThat(job.format()).isEqualTo(PictureFormat.PNG);
        assertThat(job.logFile()).isTrue();
        assertThat(job.types()).hasSize(1);
        assertThat(job.types().getFirst().style().brightness()).isEqualTo(1);
        assertThat(job.types().getFirst().request().fileType()).isZero();
        assertThat(job.frame(50).boxSize()).isEqualTo(50);
        assertThat(reporter.warnings).isEmpty();
    }

    @Test
    void overridesBeatTheFileAndTheLastOneWins() {
        RenderJob job = read(GOOD, "xres=100", "xres=200", "yres=50", "periodic=no");
        assertThat(job.width()).isEqualTo(200);
        assertThat(job.height()).isEqualTo(50);
        assertThat(job.frame(50).boxSize()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1e3, 1000", "1000.0, 1000", "+7, 7", "8e0, 8"})
    void wholeNumbersMayBeWrittenAsReals(String text, int value) {
        assertThat(read(GOOD, "xres=" + text).width()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "Y", "TRUE", ".true.", "yes", "1", "on"})
    void truthHasManyNames(String text) {
        assertThat(read(GOOD, "colorbar=" + text).tone().colorBar()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"f", "N", "False", ".FALSE.", "no", "0", "off"})
    void soHasFalsehood(String text) {
        assertThat(read(GOOD, "projection=" + text).views().getFirst().camera().projection())
                .isEqualTo(Projection.ORTHOGRAPHIC);
    }

    @Test
    void allProblemsAreReportedTogetherWithTheirLines() {
        String text =
                GOOD
                        + "fov=190\nxres=12x\nyres=-4\ncolorbar=maybe\nbrightness0=nan\nsort_type=9\npalette0=virids\n";
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("t.par:12: fov: is 190.0; must be in (0, 180) degrees")
                .hasMessageContaining("t.par:13: xres: is '12x'; must be a whole number")
                .hasMessageContaining("t.par:14: yres: is -4; must be in 1 .. 32768")
                .hasMessageContaining("t.par:15: colorbar: is 'maybe'; must be true or false")
                .hasMessageContaining("t.par:16: brightness0: is 'nan'; must be a number")
                .hasMessageContaining("t.par:17: sort_type: is 9; must be in 0 .. 4")
                .hasMessageContaining("t.par:18: palette0: no palette file")
                .hasMessageContaining("did you mean viridis?");
    }

    @Test
    void missingKeysAreAllNamed() {
        assertThatThrownBy(() -> read("ptypes=1\n"))
                .hasMessageContaining("t.par: infile: missing")
                .hasMessageContaining("t.par: outfile: missing")
                .hasMessageContaining("t.par: palette0: missing")
                .hasMessageContaining("t.par: camera_x: missing")
                .hasMessageContaining("t.par: lookat_z: missing");
    }

    @Test
    void unknownAndRepeatedKeysAndBrokenLinesAreWarnings() {
        read(GOOD + "brightnes0=3\nxres=10\nxres=20\nnonsense\n=5\ncolor_min7=1\n");
        assertThat(reporter.warnings)
                .contains(
                        "t.par:12: brightnes0: unknown key, ignored; did you mean brightness0?",
                        "t.par:14: xres: given again (first at t.par:13); this value is used",
                        "t.par:15: 'nonsense' has no '='; the line is ignored",
                        "t.par:16: no key before '='; the line is ignored",
                        "t.par:17: color_min7: ignored: ptypes=1 shows the types 0 to 0");
    }

    @Test
    void keysOfLaterFeaturesAreErrorsUnlessTheyAreOff() {
        read(
                GOOD
                        + "dome=false\npanorama=F\nEyeSeparation=0\nscene_file=\nboost=n\ninterpolation_mode=0\n");
        assertError(
                GOOD + "boost=true\n",
                "t.par:12: boost: not supported yet (level-of-detail subsampling)");
        assertError(
                GOOD + "simtype=3\n", "simtype: is 3: Enzo hierarchies are not supported; write");
        assertError(GOOD + "simtype=10\n", "VisIVO tables are not supported");
        assertError(GOOD + "simtype=14\n", "Bonsai files are not supported");
        assertError(GOOD + "pictype=1\n", "pictype: 1 is no longer a format");
    }

    @Test
    void impossibleCamerasAreErrors() {
        assertError(GOOD + "camera_x=0\ncamera_y=0\ncamera_z=0\n", "the camera is at its target");
        assertError(GOOD + "camera_x=0\ncamera_y=0\n", "sky is parallel to the view");
        assertError(GOOD + "zmin=10\nzmax=5\n", "must be above zmin");
    }

    @Test
    void aSizeLabelIsReadWithoutSizeFixAndAFixedSizeIsToldToHideIt() {
        String text = GOOD.replace("size_fix0=0\n", "");
        assertThat(read(text).types().getFirst().request().fixedSize()).isEqualTo(1);
        assertThat(reporter.warnings.getFirst()).contains("size_fix0: not given");
        reporter.warnings.clear();
        assertThat(read(text + "size_label0=HSML\n").types().getFirst().request().fixedSize())
                .isZero();
        assertThat(reporter.warnings).isEmpty();
        read(text + "size_label0=HSML\nsize_fix0=3\n");
        assertThat(reporter.warnings.getFirst())
                .contains("size_label0: not read, because size_fix0=3.0");
    }

    @Test
    void colourAndIntensityAreTransformed() {
        RenderJob job =
                read(
                        GOOD
                                + "color_log0=T\ncolor_asinh0=T\nintensity_log0=T\ncolor_min0=-2\ncolor_max0=3\ncolor_label0=U\ncolor_present0=1\n");
        assertThat(job.types().getFirst().style().colorTransform()).isEqualTo(Transform.LOG10);
        assertThat(job.types().getFirst().style().intensityTransform()).isEqualTo(Transform.LOG10);
        assertThat(job.types().getFirst().request().present()).containsEntry("U", 1);
        assertError(
                GOOD + "color_min0=4\ncolor_max0=3\n",
                "color_max0: is 3.0, below color_min0 = 4.0");
        assertThat(read(GOOD + "color_label0=smoothing_length\n").types().getFirst().colorBySize())
                .isTrue();
    }

    @Test
    void aVectorColourNeedsNoPaletteButAField() {
        String text = GOOD.replace("palette0=viridis\n", "") + "color_is_vector0=T\n";
        assertError(text, "color_is_vector0: needs color_label0");
        assertThat(read(text + "color_label0=VEL\n").types().getFirst().style().colorMap())
                .isNull();
    }

    @Test
    void absorptionHasItsOrder() {
        assertThat(read(GOOD + "a_eq_e=F\ngray_absorption=0.5\nsort_type=4\n").shading())
                .isEqualTo(new Shading.Absorption(0.5, Shading.DrawOrder.RADIUS_DESCENDING));
    }

    @Test
    void snapshotsAreFoundBySplotchsRuleAndByTheirPlainName() throws IOException {
        Files.createDirectories(folder.resolve("data/dir_007"));
        Files.createFile(folder.resolve("data/dir_007/snap_007.0"));
        Files.createFile(folder.resolve("plain"));
        RenderJob job = read(GOOD + "datadir=data\nsnapdir=dir_\nfidx=7.6\n");
        assertThat(job.source().path()).isEqualTo(folder.resolve("data/dir_007/snap_007.0"));
        assertThat(read(GOOD, "infile=plain").source().path()).isEqualTo(folder.resolve("plain"));
        assertThatThrownBy(() -> read(GOOD).source().path())
                .hasMessageContaining("no snapshot " + folder.resolve("snap_000"));
    }

    @Test
    void aJobCanBeWrittenAsATextThatNeedsNoFolder() throws IOException {
        Files.writeString(folder.resolve("my.pal"), "mine\n0100\n1\n1 2 3\n");
        RenderJob job = read(GOOD, "palette0=my.pal", "xres=77");
        String text = job.selfContainedText(folder.resolve("snap_000"));
        assertThat(text)
                .contains("infile=" + folder.resolve("snap_000") + "\n")
                .contains("palette0=" + folder.resolve("my.pal") + "\n")
                .contains("xres=77\n");
        RenderJob again =
                JobReader.read(
                        ParameterTable.parse(
                                text, "again", Path.of("/"), List.of(), new Problems()),
                        reporter);
        assertThat(again.width()).isEqualTo(77);
    }

    @Test
    void filesThatAreNoParameterFilesAreToldSo() throws IOException {
        Problems problems = new Problems();
        assertThatThrownBy(() -> ParameterTable.parse("a\0b", "x", folder, List.of(), problems))
                .hasMessageContaining("is no parameter file")
                .hasMessageContaining("./perseid init x");
        assertThatThrownBy(() -> ParameterTable.read(folder.resolve("no.par"), List.of(), problems))
                .hasMessageContaining("no such parameter file");
        assertThatThrownBy(() -> ParameterTable.read(folder, List.of(), problems))
                .hasMessageContaining("is a folder");
        Path large = folder.resolve("large.par");
        Files.write(large, new byte[(4 << 20) + 1]);
        assertThatThrownBy(() -> ParameterTable.read(large, List.of(), problems))
                .hasMessageContaining("too many for a parameter file");
        Path bad = Files.writeString(folder.resolve("bad.par"), GOOD);
        ParameterTable.read(bad, List.of("novalue"), problems);
        assertThat(problems.errors().getLast())
                .isEqualTo("command line: 'novalue' is no key=value");
    }

    @Test
    void aFloodOfProblemsIsCut() {
        StringBuilder text = new StringBuilder(GOOD);
        for (int i = 0; i < 500; i++) {
            text.append("x").append(i).append("y=1\nbrightness0=q").append(i).append('\n');
        }
        assertThatThrownBy(() -> read(text + "xres=q\n")).hasMessageNotContaining("x400y");
        assertThat(reporter.warnings.size()).isLessThan(60);
    }

    private List<FrameJob> frames(String scene, String text, String... overrides)
            throws IOException {
        Files.writeString(folder.resolve("p.scene"), scene);
        ParameterTable table =
                ParameterTable.parse(
                        text + "scene_file=p.scene\n",
                        "t.par",
                        folder,
                        List.of(overrides),
                        new Problems());
        return JobReader.readFrames(table, reporter);
    }

    @Test
    void aSceneFileGivesEachFrameItsParameters() throws IOException {
        List<FrameJob> frames =
                frames(
                        "fov brightness0\n30 1\n\n40 2 # closer\n50 3\n60 4\n70 5\n",
                        GOOD + "scene_start=1\nscene_incr=2\nlast_scene=4\n");
        assertThat(frames.stream().map(FrameJob::number)).containsExactly(1, 3);
        assertThat(frames.getFirst().job().views().getFirst().camera().fovDeg()).isEqualTo(40);
        assertThat(frames.getLast().job().types().getFirst().style().brightness()).isEqualTo(4);
        assertThat(frames.getLast().job().selfContainedText(folder))
                .contains("fov=60\n", "scene_file=\n", "brightness0=4\n");
    }

    @Test
    void tenNumbersInTheFirstLineAreTheOldFormat() throws IOException {
        List<FrameJob> frames = frames("1 2 3 4 5 6 0 0 1 7\n2 2 3 4 5 6 0 0 1 8\n", GOOD);
        assertThat(frames).hasSize(2);
        assertThat(frames.getLast().job().views().getFirst().camera().eye().x()).isEqualTo(2);
        assertThat(frames.getLast().job().source().number()).isEqualTo(8);
    }

    @Test
    void theCommandLineBeatsTheSceneFile() throws IOException {
        List<FrameJob> frames = frames("xres fov\n100 30\n200 40\n", GOOD, "xres=64");
        assertThat(frames.stream().map(f -> f.job().width())).containsExactly(64, 64);
        assertThat(frames.getLast().job().views().getFirst().camera().fovDeg()).isEqualTo(40);
    }

    @Test
    void problemsOfASceneFileComeWithTheirLines() {
        assertThatThrownBy(() -> frames("fov xres\n30 100\n40\n190 100\n50 -3\n", GOOD))
                .hasMessageContaining("p.scene:3: has 1 values; expected 2: fov xres");
        assertThatThrownBy(() -> frames("fov xres\n30 100\n190 100\n", GOOD))
                .hasMessageContaining("p.scene:3: fov: is 190.0; must be in (0, 180)");
        assertThatThrownBy(() -> frames("fov\n", GOOD)).hasMessageContaining("has no frames");
        assertThatThrownBy(() -> frames("fov\n30\n", GOOD + "scene_start=5\n"))
                .hasMessageContaining("no frame of 1 is left to draw");
        assertThatThrownBy(() -> frames("a", GOOD, "scene_file=none"))
                .hasMessageContaining("no such scene file");
    }

    @Test
    void anUnknownColumnIsOneWarning() throws IOException {
        frames("fov focus\n30 1\n40 2\n", GOOD);
        assertThat(reporter.warnings).hasSize(2).first().asString().contains("focus: unknown key");
    }

    @Test
    void aStereoPairLooksAtTheTargetFromBothSides() {
        List<View> pair = read(GOOD + "EyeSeparation=4\n").views();
        assertThat(pair.stream().map(View::prefix)).containsExactly("right_", "left_");
        Vec3 right = pair.getFirst().camera().eye();
        Vec3 left = pair.getLast().camera().eye();
        double distance = Math.sqrt(14);
        assertThat(right.minus(left).length())
                .isCloseTo(distance * Math.toRadians(4), within(1e-12));
        assertThat(right.minus(left).dot(new Vec3(1, 2, 3))).isCloseTo(0, within(1e-12));
        assertThat(pair.getFirst().camera().center()).isEqualTo(new Vec3(1, 2, 3));
        assertError(GOOD + "EyeSeparation=4\npanorama=T\n", "panorama: cannot be had together");
    }

    @Test
    void aPanoramaHasSixFacesRoundTheEye() {
        List<View> faces = read(GOOD + "panorama=true\n").views();
        assertThat(faces.stream().map(View::prefix))
                .containsExactly("1_", "2_", "3_", "4_", "5_", "6_");
        Vec3 sum = new Vec3(0, 0, 0);
        for (View face : faces) {
            assertThat(face.camera().fovDeg()).isEqualTo(90);
            assertThat(face.camera().eye()).isEqualTo(new Vec3(1, 2, 3));
            sum = sum.plus(face.camera().lookAt().minus(face.camera().eye()).normalized());
        }
        assertThat(sum.length()).isCloseTo(0, within(1e-12));
        assertThat(faces.getFirst().camera().lookAt().minus(new Vec3(1, 2, 3)).normalized().x())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void pairAndFractionFollowFidxInEveryFrame() throws IOException {
        List<FrameJob> frames =
                frames(
                        "fidx\n20\n25\n30\n33\n",
                        GOOD + "interpolation_mode=1\nsnapshot_spacing=10\n");
        assertThat(frames.stream().map(f -> f.job().source().number()))
                .containsExactly(20, 20, 30, 30);
        assertThat(
                        frames.stream()
                                .map(f ->
                                        Objects.requireNonNull(f.job().between()).next().number()))
                .containsExactly(30, 30, 40, 40);
        assertThat(frames.stream().map(f -> Objects.requireNonNull(f.job().between()).fraction()))
                .containsExactly(0.0, 0.5, 0.0, 0.3);
        assertThat(frames.getFirst().job().types().getFirst().request().ids()).isTrue();
    }

    @Test
    void pairAndFractionCanBeGiven() {
        RenderJob job =
                read(
                        GOOD
                                + "interpolation_mode=1\nsnapshot_base1=3\nsnapshot_base2=9\nfrac=0.25\nfidx=5\n");
        assertThat(job.source().number()).isEqualTo(3);
        Between between = Objects.requireNonNull(job.between());
        assertThat(between.next()).isEqualTo(job.source().withNumber(9));
        assertThat(between.fraction()).isEqualTo(0.25);
        assertThat(between.motion()).isEqualTo(Between.Motion.LINEAR);
        assertError(GOOD + "interpolation_mode=1\nfrac=1.5\n", "frac: is 1.5; must be in 0 .. 1");
        assertError(
                GOOD + "interpolation_mode=1\nsnapshot_base1=3\nsnapshot_base2=3\n",
                "snapshot_base2: is 3, the number of the first snapshot too");
        assertError(
                GOOD + "interpolation_mode=1\nsnapshot_base1=3\nsnapshot_base2=4\nfidx=9\n",
                "fidx: is 9.0, not between the snapshots 3 and 4");
        assertThat(read(GOOD).between()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"infile", "outfile", "datadir", "snapdir", "scene_file", "palette0"})
    void whatCannotBeAFileNameIsToldWithItsKey(String key) {
        assertThatThrownBy(() ->
                        JobReader.readFrames(
                                ParameterTable.parse(
                                        GOOD,
                                        "t.par",
                                        folder,
                                        List.of(key + "=a\0b"),
                                        new Problems()),
                                reporter))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("command line: " + key + ": ")
                .hasMessageContaining("no file name");
    }

    @Test
    void aBadAngleIsToldBesideOtherProblemsOfTheCamera() {
        assertThatThrownBy(() -> read(GOOD.replace("camera_x=1\n", "") + "fov=190\n"))
                .hasMessageContaining("camera_x: missing")
                .hasMessageContaining("fov: is 190.0; must be in (0, 180) degrees");
        assertThatThrownBy(() -> read(GOOD + "fov=0\ncamera_x=0\ncamera_y=0\n"))
                .hasMessageContaining("sky is parallel to the view")
                .hasMessageContaining("fov: is 0.0");
    }
}
