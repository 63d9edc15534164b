package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.demo.DemoUniverse;
import org.perseid.io.par.JobReader;
import org.perseid.io.par.ParameterTable;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.Reporter;
import org.perseid.renderer.model.ScalarMapping;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Workers;

/** Live sessions of all kinds of parameter files, watched without a browser. */
class LiveViewTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a_eq_e=false gray_absorption=0.2 sort_type=1",
                "projection=equirectangular",
                "projection=fisheye fisheye_fov=170",
                "projection=orthographic flip_y=false",
                "EyeSeparation=2 layers=column_density legend=true",
                "periodic=false pic_gamma=0.8",
                "picture_of=mean:U legend=true",
                "camera_path=orbit last_scene=100"
            })
    void everyKindOfPictureMovesAndComesToRest(String parameters)
            throws IOException, InterruptedException {
        try (LiveServer live = new LiveServer(folder, parameters.split(" ", -1));
                HttpClient http = HttpClient.newHttpClient();
                LiveClient client = new LiveClient(http, live.address(), 320, 200)) {
            client.awaitFinal(20);
            LiveClient.Seen _ = client.take();
            client.drag(0.5, 20);
            client.awaitFinal(20);
            assertThat(client.isFinal()).isTrue();
            LiveClient.Seen seen = client.take();
            assertThat(seen.frames()).isGreaterThan(1);
            assertThat(live.session.end().isDone()).isFalse();
        }
    }

    /** Data may come that was read before the layer was chosen. */
    @Test
    void aLayerThatTheDataWasNotReadForIsNotMeasured() throws IOException {
        try (LiveServer live = new LiveServer(folder)) {
            LiveSession session = live.session;
            ParameterTable table =
                    session.scene()
                            .state()
                            .table()
                            .edited(Map.of("picture_of", "column_density"), "test");
            RenderJob job = JobReader.read(table, Reporter.SILENT);
            assertThat(job.numbers().pictured()).isNotNull();
            assertThat(session.onDrawingThread(() -> session.loadedData().pictured(job).measures()))
                    .isEmpty();
            assertThat(session.onDrawingThread(() -> session.draw(job)).width())
                    .isEqualTo(job.width());
        }
    }

    @Test
    void theValuesOfALayerAndItsRangeAreKept() throws IOException {
        try (LiveServer live = new LiveServer(folder, "picture_of=column_density")) {
            LiveSession session = live.session;
            ScalarMapping range = new ScalarMapping(Transform.LOG10, -3, 0);
            RenderJob job = session.scene().seenFrom(session.shared().camera(), 60, 40, range);
            assertThat(job.table().text("picture_min")).isEqualTo("-3.0");
            FloatImage values = session.onDrawingThread(() -> session.values(job));
            assertThat(values).isNotNull();
            assertThat(values.width()).isEqualTo(60);
            byte[] rgb = session.onDrawingThread(() -> session.draw(job)).rgb();
            Cli run =
                    Cli.run(
                            "render",
                            saved(job, session.loadedData().info().parts().getFirst()),
                            "outfile=" + folder.resolve("again"));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(TestPictures.read(folder.resolve("again0000.png")).rgb()).isEqualTo(rgb);
        }
    }

    private Path saved(RenderJob job, Path snapshot) throws IOException {
        return Files.writeString(folder.resolve("s.par"), job.selfContainedText(snapshot));
    }

    @Test
    void dataThatCannotBeReadLeavesWhatThereIs() throws IOException, InterruptedException {
        try (LiveServer live = new LiveServer(folder);
                HttpClient http = HttpClient.newHttpClient();
                LiveClient client = new LiveClient(http, live.address(), 320, 200)) {
            client.awaitFinal(20);
            live.session.change(() -> live.session.scene().set(Map.of("select0", "U > nothing")));
            assertThat(live.session.scene().state().table().text("select0")).isNotEmpty();
            for (int k = 0;
                    k < 200 && !live.session.scene().state().table().text("select0").isEmpty();
                    k++) {
                Thread.sleep(20);
            }
            assertThat(live.session.scene().state().table().text("select0")).isEmpty();
            client.drag(0.3, 20);
            client.awaitFinal(20);
            assertThat(client.isFinal()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aSeriesOfSnapshotsHasASlider(int mode) throws IOException, InterruptedException {
        try (Workers workers = new Workers(2)) {
            for (int k = 0; k < 3; k++) {
                Path snapshot = folder.resolve("series_00" + k);
                DemoUniverse.write(snapshot, 3000 + 600L * k, 1, workers);
            }
        }
        try (LiveServer live =
                        new LiveServer(
                                folder, "infile=series_", "fidx=1", "interpolation_mode=" + mode);
                HttpClient http = HttpClient.newHttpClient();
                LiveClient client = new LiveClient(http, live.address(), 320, 200)) {
            client.awaitFinal(20);
            String before = live.session.particlesText();
            assertThat(live.session.panel().find("fidx").max()).isBetween(2 - 0.01, 2.0);
            live.session.change(() -> live.session.scene().set(Map.of("fidx", "0.25")));
            for (int k = 0; k < 200 && live.session.particlesText().equals(before); k++) {
                Thread.sleep(20);
            }
            assertThat(live.session.particlesText()).isNotEqualTo(before);
            client.drag(0.3, 20);
            client.awaitFinal(20);
            assertThat(client.isFinal()).isTrue();
            assertThat(live.session.end().isDone()).isFalse();
        }
    }
}
