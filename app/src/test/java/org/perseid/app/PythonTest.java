package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python module against a real session. */
class PythonTest {
    @TempDir private Path folder;

    private String python(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script.py"), script);
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder("python3", file.toString());
            builder.environment().put("PYTHONPATH", Shared.root().resolve("web/python").toString());
            builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
            process = builder.directory(folder.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            System.out.println("SKIPPED: needs python3 (sudo apt-get install python3)");
            assumeTrue(false, "needs python3");
            throw e;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    @Test
    void aSessionIsSteeredAndDrawn() throws IOException, InterruptedException {
        try (LiveServer live = new LiveServer(Files.createDirectory(folder.resolve("data")))) {
            String said =
                    python(
                            """
                            import perseid
                            view = perseid.connect("ADDRESS")
                            view.set(palette0="viridis")
                            print(view.values()["palette0"])
                            view.camera(eye=[112, 66, 130], fov=50)
                            open("a.png", "wb").write(view.picture(width=64))
                            open("a.exr", "wb").write(view.picture(width=64, format="exr"))
                            print([l for l in view.parameters().splitlines() if l.startswith("fov")])
                            print(view._repr_html_()[:30])
                            try:
                                view.set(palette0="nosuch")
                            except perseid.PerseidError as e:
                                print("refused:", e)
                            view.close()
                            """
                                    .replace("ADDRESS", live.address()));
            assertThat(said).startsWith("viridis\n['fov=50.0']\n<iframe src=\"http://127.0.0.1:");
            assertThat(said).contains("refused: ").contains("nosuch");
            assertThat(Files.readAllBytes(folder.resolve("a.png"))).startsWith(0x89, 'P', 'N', 'G');
            assertThat(Files.readAllBytes(folder.resolve("a.exr"))).startsWith(0x76, 0x2f);
            assertThat(live.hub.metrics().viewers()).isZero();
        }
        assertThat(
                        python(
                                """
                                import perseid
                                try:
                                    perseid.connect("http://127.0.0.1:9/?token=x").values()
                                except perseid.PerseidError as e:
                                    print("no:", e)
                                """))
                .startsWith("no: the session cannot be reached");
    }
}
