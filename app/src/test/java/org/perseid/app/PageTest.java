package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import nom.tam.fits.Fits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.perseid.io.image.Png;

/** The page in a real Chromium, against a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private Path folder = Path.of("");
    private LiveServer live;
    private ChromeDriver browser;
    private WebDriverWait wait;

    @BeforeAll
    void start(@TempDir Path shared) throws IOException {
        folder = shared;
        boolean installed = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
        assumeTrue(installed, "skipped: chromium and chromium-driver are not installed");
        live = new LiveServer(Files.createDirectory(folder.resolve("data")));
        browser = openBrowser();
        wait = new WebDriverWait(browser, Duration.ofSeconds(30), Duration.ofMillis(30));
        wait.ignoring(StaleElementReferenceException.class); // the panel is built anew at times
    }

    private ChromeDriver openBrowser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1100,700");
        options.setExperimentalOption(
                "prefs",
                Map.of(
                        "download.default_directory",
                        folder.toString(),
                        "download.prompt_for_download",
                        false));
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build();
        return new ChromeDriver(service, options);
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.quit();
        }
        if (live != null) {
            live.close();
        }
    }

    @BeforeEach
    void open() {
        browser.get(live.address());
        awaitStill();
        home();
    }

    private void home() {
        browser.findElement(By.id("home")).click();
        awaitStill();
    }

    /** Waits until a final picture, as fine as a JPEG gets, has been shown for a moment. */
    private void awaitStill() {
        wait.until(_ ->
                js(
                        "return window.perseid && perseid.stillMillis > 250"
                                + " && perseid.lastFrame.quality >= 92"));
    }

    private Object js(String script, Object... arguments) {
        return Objects.requireNonNullElse(browser.executeScript(script, arguments), false);
    }

    /** Red, green and blue of the canvas, one byte each, on a coarse grid. */
    private List<?> pixels() {
        return (List<?>)
                js(
                        "const c = document.getElementById('picture'), d = c.getContext('2d')"
                                + ".getImageData(0, 0, c.width, c.height).data, out = [];"
                                + "for (let i = 0; i < d.length; i += 4 * 97) out.push(d[i], d[i+1], d[i+2]);"
                                + "return out;");
    }

    private static double difference(List<?> a, List<?> b) {
        double sum = 0;
        for (int k = 0; k < a.size(); k++) {
            sum += Math.abs(((Number) a.get(k)).doubleValue() - ((Number) b.get(k)).doubleValue());
        }
        return sum / a.size();
    }

    @Test
    void theGalaxyIsSeen() {
        List<?> pixels = pixels();
        long bright = pixels.stream().filter(v -> ((Number) v).intValue() > 100).count();
        assertThat(bright).isGreaterThan(pixels.size() / 100);
        assertThat(browser.getTitle()).isEqualTo("galaxy · Perseid");
        assertThat(browser.findElement(By.id("picture")).getAttribute("aria-label"))
                .startsWith("Picture of galaxy, final: from 112.0, 66.00, 124.0");
        assertThat(js("return document.querySelectorAll('#panel details').length")).isEqualTo(8L);
        // every control has a name for screen readers
        assertThat(
                        js(
                                "return [...document.querySelectorAll('input, select, button')].filter("
                                        + "e => !(e.labels && e.labels.length) && !e.getAttribute('aria-label')"
                                        + " && !e.textContent.trim()).map(e => e.outerHTML).join()"))
                .isEqualTo("");
    }

    @Test
    void dragOrbitsAndHomeGoesBack() {
        List<?> before = pixels();
        new Actions(browser)
                .moveToElement(browser.findElement(By.id("picture")))
                .clickAndHold()
                .moveByOffset(120, 30)
                .moveByOffset(60, 10)
                .release()
                .perform();
        awaitStill();
        assertThat(difference(pixels(), before)).isGreaterThan(2);
        home();
        assertThat(difference(pixels(), before)).isLessThan(0.2);
    }

    @Test
    void theWheelZoomsToThePlaceUnderIt() {
        double before = ((Number) js("return perseid.distance()")).doubleValue();
        js(
                "const c = document.getElementById('picture'), b = c.getBoundingClientRect();"
                        + "c.dispatchEvent(new WheelEvent('wheel', {deltaY: -300, clientX: b.x + 100, clientY: b.y + 100,"
                        + " bubbles: true, cancelable: true}))");
        awaitStill();
        double after = ((Number) js("return perseid.distance()")).doubleValue();
        assertThat(after / before).isBetween(0.6, 0.7);
    }

    @Test
    void aRestingPointerSaysWhatIsUnderItAndADoubleClickGoesThere() {
        WebElement picture = browser.findElement(By.id("picture"));
        new Actions(browser).moveToElement(picture, 30, 20).moveByOffset(2, 2).perform();
        wait.until(_ -> browser.findElement(By.id("probe")).isDisplayed());
        assertThat(browser.findElement(By.id("probe")).getText())
                .containsPattern("(gas|halo|stars)\n.* = .*\nat .*\nsmoothing length .*");
        Object before = js("return perseid.lastFrame.camera[3]");
        new Actions(browser).moveToElement(picture, 60, 40).doubleClick().perform();
        wait.until(_ -> !Objects.equals(js("return perseid.lastFrame.camera[3]"), before));
    }

    @Test
    void aHandleOfTheHistogramMovesTheRange() {
        wait.until(_ -> js("return document.getElementById('histogram-0') !== null"));
        String before = field(By.id("element-color_min0"));
        new Actions(browser)
                .moveToElement(browser.findElement(By.id("histogram-0")), -100, 0)
                .clickAndHold()
                .moveByOffset(30, 0)
                .release()
                .perform();
        wait.until(_ -> !field(By.id("element-color_min0")).equals(before));
        browser.findElement(By.id("element-undo")).click();
        wait.until(_ -> field(By.id("element-color_min0")).equals(before));
    }

    @Test
    void anotherFieldGivesColoursAndARangeThatSuitsIt() {
        List<?> before = pixels();
        By max = By.id("element-color_max0");
        String first = field(max);
        new Select(browser.findElement(By.id("element-color_label0"))).selectByVisibleText("RHO");
        wait.until(_ -> !field(max).isEmpty() && !field(max).equals(first));
        wait.until(_ -> difference(pixels(), before) > 3);
        undo(); // field and range are one step
        wait.until(_ -> field(max).equals(first));
        wait.until(_ -> difference(pixels(), before) < 0.2);
    }

    @Test
    void aLayerIsShownInItsColoursAndKeepsThemWhileTheViewMoves() {
        List<?> before = pixels();
        new Select(browser.findElement(By.id("element-picture_of")))
                .selectByVisibleText("column_density");
        wait.until(_ -> difference(pixels(), before) > 10);
        awaitStill();
        List<?> column = pixels();
        browser.findElement(By.id("element-fit_colours")).click();
        wait.until(_ -> !field(By.id("element-picture_max")).equals("1")); // none was known before
        String end = field(By.id("element-picture_max"));
        Object _ = js("perseid.connection.call('camera', {eye: [112, 66, 60]})");
        awaitStill();
        assertThat(field(By.id("element-picture_max"))).isEqualTo(end);
        home();
        assertThat(difference(pixels(), column)).isLessThan(1);
        undo();
        wait.until(_ -> difference(pixels(), before) < 0.2);
    }

    @Test
    void aFieldThatIsTakenBackAtOnceLeavesNoRange() throws InterruptedException {
        List<?> before = pixels();
        By max = By.id("element-color_max0");
        String first = field(max);
        new Select(browser.findElement(By.id("element-color_label0"))).selectByVisibleText("RHO");
        undo();
        Thread.sleep(1000);
        wait.until(_ -> difference(pixels(), before) < 0.2);
        wait.until(_ -> field(max).equals(first));
    }

    /** Faster than the page sends changes. */
    @Test
    void undoTakesBackWhatWasChangedJustBefore() {
        List<?> before = pixels();
        By max = By.id("element-color_max0");
        String first = field(max);
        Object _ =
                js(
                        "const box = document.getElementById('element-color_max0');"
                                + "box.value = '9'; box.dispatchEvent(new Event('change'));"
                                + "document.getElementById('element-undo').click()");
        wait.until(_ -> field(max).equals(first));
        awaitStill();
        assertThat(difference(pixels(), before)).isLessThan(0.2);
        assertThat(field(max)).isEqualTo(first);
    }

    private void undo() {
        wait.until(_ -> {
            browser.findElement(By.id("element-undo")).click();
            return true;
        });
    }

    @Test
    void keysFlyAndListThemselves() {
        List<?> before = pixels();
        WebElement picture = browser.findElement(By.id("picture"));
        picture.sendKeys("w");
        picture.sendKeys(Keys.ARROW_LEFT);
        awaitStill();
        assertThat(difference(pixels(), before)).isGreaterThan(0.5);
        picture.sendKeys("?");
        assertThat(browser.findElement(By.id("help")).isDisplayed()).isTrue();
        browser.findElement(By.cssSelector("#help button")).click();
        picture.sendKeys("h");
        assertThat(browser.findElement(By.id("side")).isDisplayed()).isFalse();
        picture.sendKeys("h");
        assertThat(browser.findElement(By.id("side")).isDisplayed()).isTrue();
    }

    @Test
    void aColourMapIsChangedAndUndone() {
        List<?> before = pixels();
        Select map = new Select(browser.findElement(By.id("element-palette0")));
        map.selectByVisibleText("viridis");
        wait.until(_ -> difference(pixels(), before) > 1);
        awaitStill();
        browser.findElement(By.id("element-undo")).click();
        wait.until(_ -> difference(pixels(), before) < 0.2);
        assertThat(map.getFirstSelectedOption().getText()).isEqualTo("magma");
    }

    @Test
    void exposureDrawsNoParticleAgain() {
        List<?> before = pixels();
        WebElement field =
                browser.findElement(By.cssSelector("input[aria-label='Exposure, value']"));
        field.clear();
        field.sendKeys("2", Keys.TAB);
        wait.until(_ -> difference(pixels(), before) > 2);
        awaitStill();
        assertThat(((Number) js("return perseid.lastFrame.renderMillis")).doubleValue())
                .isLessThan(100);
        browser.findElement(By.id("element-undo")).click();
        wait.until(_ -> difference(pixels(), before) < 0.2);
    }

    @Test
    void aWrongValueIsRefusedWithItsReason() {
        WebElement field = browser.findElement(By.id("element-select0"));
        field.sendKeys("nofield > 3", Keys.TAB);
        wait.until(_ -> js("return document.querySelector('.toast') !== null"));
        assertThat(browser.findElement(By.cssSelector(".toast")).getText()).contains("nofield");
        wait.until(_ -> field(By.id("element-select0")).isEmpty());
    }

    private String field(By by) {
        return String.valueOf(browser.findElement(by).getDomProperty("value"));
    }

    @Test
    void aHiddenTypeIsGoneAndComesBackAsItWas() {
        List<?> before = pixels();
        WebElement visible = browser.findElement(By.id("element-show0"));
        visible.click();
        wait.until(_ -> difference(pixels(), before) > 1);
        visible.click();
        wait.until(_ -> difference(pixels(), before) < 0.2);
    }

    @Test
    void whatIsSavedIsDrawnAgainToTheLastBit() throws IOException {
        browser.findElement(By.id("picture")).sendKeys(Keys.ARROW_LEFT, Keys.ARROW_UP);
        awaitStill();
        browser.findElement(By.id("save-parameters")).click();
        Path saved = awaitFile("perseid.par");
        savePicture("png", "");
        Path picture = awaitFile("perseid.png");
        String prefix = folder.resolve("again").toString();
        assertThat(
                        Main.run(
                                "render",
                                saved.toString(),
                                "--backend",
                                "scalar",
                                "-q",
                                "outfile=" + prefix))
                .isZero();
        byte[] drawn = Png.read(Path.of(prefix + "0000.png")).rgb();
        assertThat(Arrays.equals(drawn, Png.read(picture).rgb())).isTrue();
        // and that is what the page shows, but for what JPEG loses
        var shown = ImageIO.read(new ByteArrayInputStream(canvas()));
        double sum = 0;
        for (int y = 0; y < shown.getHeight(); y++) {
            for (int x = 0; x < shown.getWidth(); x++) {
                int red = drawn[3 * (y * shown.getWidth() + x)] & 0xff;
                sum += Math.abs(red - (shown.getRGB(x, y) >> 16 & 0xff));
            }
        }
        assertThat(sum / shown.getHeight() / shown.getWidth()).isLessThan(2);
    }

    private void savePicture(String format, String width) {
        browser.findElement(By.id("save-picture")).click();
        new Select(browser.findElement(By.id("picture-format"))).selectByValue(format);
        if (!width.isEmpty()) {
            browser.findElement(By.id("picture-width")).clear();
            browser.findElement(By.id("picture-width")).sendKeys(width);
        }
        browser.findElement(By.cssSelector("#picture-dialog button[value=save]")).click();
    }

    @Test
    void lightIsSavedInAnySize() throws IOException {
        savePicture("exr", "640");
        byte[] exr = Files.readAllBytes(awaitFile("perseid.exr"));
        assertThat(exr).startsWith(0x76, 0x2f, 0x31, 0x01);
        savePicture("fits", "320");
        Path file = awaitFile("perseid.fits");
        try (Fits fits = new Fits(file.toFile())) {
            float[][][] cube = (float[][][]) fits.getHDU(0).getKernel();
            assertThat(cube.length).isEqualTo(3);
            assertThat(cube[0][0].length).isEqualTo(320);
            float most = 0;
            for (float[] row : cube[0]) {
                for (float v : row) {
                    most = Math.max(most, v);
                }
            }
            assertThat(most).isGreaterThan(1); // beyond what a picture shows
        }
        browser.findElement(By.id("save-picture")).click();
        browser.findElement(By.cssSelector("#picture-dialog button[value='']")).click();
        assertThat(browser.findElement(By.id("picture-dialog")).isDisplayed()).isFalse();
    }

    private byte[] canvas() {
        String url =
                String.valueOf(
                        js("return document.getElementById('picture').toDataURL('image/png')"));
        return Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
    }

    private Path awaitFile(String name) throws IOException {
        Path file = folder.resolve(name);
        wait.until(_ -> Files.exists(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(f -> f.endsWith("(1)"));
        }
        return file;
    }

    @Test
    void aFlightIsMarkedPlayedSavedAndFilmed() throws IOException {
        js(
                "document.querySelector(\"details[data-title='Flight']\").open = true; document.getElementById('element-keys')"
                        + ".scrollIntoView()");
        WebElement picture = browser.findElement(By.id("picture"));
        browser.findElement(By.id("element-key-add")).click();
        picture.sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_UP, "w");
        awaitStill();
        browser.findElement(By.id("element-key-add")).click();
        wait.until(_ -> browser.findElement(By.id("element-keys")).getText().equals("2"));
        WebElement frames = browser.findElement(By.id("element-key-frames"));
        frames.clear();
        frames.sendKeys("12", Keys.TAB);
        wait.until(_ -> field(By.id("element-key-frames")).equals("12"));
        home();
        Object home = js("return perseid.lastFrame.camera[0]");
        browser.findElement(By.id("element-key-play")).click();
        wait.until(_ -> !Objects.equals(js("return perseid.lastFrame.camera[0]"), home));
        wait.until(_ -> browser.findElement(By.id("element-keys")).getText().equals("2"));
        browser.findElement(By.id("element-key-save")).click();
        String path = Files.readString(awaitFile("perseid.path"));
        assertThat(path.lines()).hasSize(6);
        assertThat(path).contains("frames=12\n");
        browser.findElement(By.id("element-key-film")).click();
        assertThat(Files.size(awaitFile("perseid.mp4"))).isGreaterThan(1000);
    }

    @Test
    void aLostConnectionComesBackByItself() throws IOException {
        List<?> before = pixels();
        String resume = String.valueOf(js("return perseid.connection.resume"));
        live.restart();
        wait.until(_ ->
                js(
                        "return document.getElementById('state').textContent === 'connected'"
                                + " && perseid.connection.isOpen"));
        assertThat(js("return perseid.connection.resume")).isEqualTo(resume);
        browser.findElement(By.id("picture")).sendKeys(Keys.ARROW_LEFT);
        wait.until(_ -> difference(pixels(), before) > 0.2);
    }

    /** A line that can die without a word, as that of a computer that sleeps. */
    private static final class Line implements AutoCloseable {
        private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final int to;
        private final List<AtomicBoolean> open = new CopyOnWriteArrayList<>();

        Line(int to) throws IOException {
            this.to = to;
            Thread _ = Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return door.getLocalPort();
        }

        /** From now on nothing passes on the connections that there are. */
        void die() {
            open.forEach(alive -> alive.set(false));
        }

        private void accept() {
            try {
                while (true) {
                    Socket from = door.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
                    AtomicBoolean alive = new AtomicBoolean(true);
                    open.add(alive);
                    Thread _ = Thread.ofVirtual().start(() -> pass(from, server, alive));
                    Thread _ = Thread.ofVirtual().start(() -> pass(server, from, alive));
                }
            } catch (IOException e) {
                return; // closed
            }
        }

        private static void pass(Socket from, Socket to, AtomicBoolean alive) {
            byte[] bytes = new byte[1 << 16];
            try {
                int n = from.getInputStream().read(bytes);
                while (n >= 0) {
                    if (alive.get()) {
                        to.getOutputStream().write(bytes, 0, n);
                    }
                    n = from.getInputStream().read(bytes);
                }
                if (alive.get()) {
                    to.close();
                }
            } catch (IOException e) {
                return; // one end has gone
            }
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }

    @Test
    void aLineThatDiedWhileTheComputerSleptIsOpenedAnew() throws IOException {
        ChromeDriver other = openBrowser();
        try (Line line = new Line(live.server.port())) {
            String port = ":" + live.server.port();
            other.get(live.address().replace(port, ":" + line.port()));
            WebDriverWait otherWait = new WebDriverWait(other, Duration.ofSeconds(30));
            otherWait.until(_ -> still(other));
            other.executeScript(
                    "window.states = []; const e = document.getElementById('state');"
                            + "new MutationObserver(() => states.push(e.textContent))"
                            + ".observe(e, {childList: true, characterData: true, subtree: true});");
            line.die();
            other.executeScript("dispatchEvent(new Event('online'))");
            otherWait.until(_ ->
                    String.valueOf(other.executeScript("return states.join()"))
                            .matches("connection lost.*,connected"));
            Object before = other.executeScript(CAMERA);
            other.findElement(By.id("picture")).sendKeys(Keys.ARROW_LEFT);
            otherWait.until(_ -> !Objects.equals(other.executeScript(CAMERA), before));
        } finally {
            other.quit();
        }
    }

    private static final String CAMERA =
            "return perseid.lastFrame ? perseid.lastFrame.camera[0] : 0";

    private static boolean still(ChromeDriver of) {
        return Boolean.TRUE.equals(
                of.executeScript("return Boolean(window.perseid && perseid.stillMillis > 250)"));
    }

    @Test
    void aNewTabGoesOnWhereTheClosedOneWas() {
        ChromeDriver other = openBrowser();
        try {
            WebDriverWait otherWait = new WebDriverWait(other, Duration.ofSeconds(30));
            other.get(live.address());
            otherWait.until(_ -> still(other));
            other.findElement(By.id("own-view")).click();
            other.findElement(By.id("picture")).sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
            otherWait.until(_ -> still(other));
            Object camera = other.executeScript(CAMERA);
            Object resume = other.executeScript("return perseid.connection.resume");
            String first = other.getWindowHandle();
            String next = other.switchTo().newWindow(WindowType.TAB).getWindowHandle();
            other.switchTo().window(first).close();
            other.switchTo().window(next);
            other.get(live.address());
            otherWait.until(_ -> still(other));
            assertThat(other.executeScript("return perseid.connection.resume")).isEqualTo(resume);
            assertThat(other.executeScript(CAMERA)).isEqualTo(camera);
            assertThat(other.findElement(By.id("own-view")).isSelected()).isTrue();
            // a tab beside it is somebody else
            other.switchTo().newWindow(WindowType.TAB);
            other.get(live.address());
            otherWait.until(_ -> still(other));
            assertThat(other.executeScript("return perseid.connection.resume"))
                    .isNotEqualTo(resume);
        } finally {
            other.quit();
        }
    }

    @Test
    void fingersMoveItOnAPhone() {
        ChromeDriver phone = openBrowser();
        try {
            phone.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
            phone.executeCdpCommand(
                    "Emulation.setTouchEmulationEnabled",
                    Map.of("enabled", true, "maxTouchPoints", 5));
            phone.get(live.address());
            WebDriverWait phoneWait = new WebDriverWait(phone, Duration.ofSeconds(30));
            phoneWait.until(_ -> still(phone));
            assertThat(phone.findElement(By.id("side")).isDisplayed()).isFalse();
            assertThat(phone.executeScript("return document.getElementById('picture').width"))
                    .isEqualTo(780L);
            assertThat(phone.executeScript("return document.documentElement.scrollWidth"))
                    .isEqualTo(390L);
            phone.findElement(By.id("toggle-side")).click();
            phone.findElement(By.id("own-view")).click(); // somebody else may steer the shared one
            phone.findElement(By.id("toggle-side")).click();
            phoneWait.until(_ -> still(phone));
            Object before = phone.executeScript(CAMERA);
            touch(phone, "touchStart", 150, 300);
            touch(phone, "touchMove", 200, 320);
            touch(phone, "touchMove", 250, 330);
            touch(phone, "touchEnd");
            phoneWait.until(_ -> !Objects.equals(phone.executeScript(CAMERA), before));
            phoneWait.until(_ -> still(phone));
            double far = distance(phone);
            touch(phone, "touchStart", 180, 300, 220, 300);
            touch(phone, "touchMove", 160, 300, 240, 300);
            touch(phone, "touchMove", 120, 300, 280, 300);
            touch(phone, "touchEnd");
            phoneWait.until(_ -> distance(phone) < 0.5 * far);
            phone.findElement(By.id("toggle-side")).click();
            assertThat(phone.findElement(By.id("side")).isDisplayed()).isTrue();
        } finally {
            phone.quit();
        }
    }

    private static double distance(ChromeDriver of) {
        return ((Number) Objects.requireNonNull(of.executeScript("return perseid.distance()")))
                .doubleValue();
    }

    /** Fingers at places, x and y of each. */
    private static void touch(ChromeDriver phone, String type, int... places) {
        List<Map<String, Object>> points = new ArrayList<>();
        for (int k = 0; k < places.length; k += 2) {
            points.add(Map.of("x", places[k], "y", places[k + 1], "id", k));
        }
        Map<String, Object> _ =
                phone.executeCdpCommand(
                        "Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", points));
    }

    /** Tiles come where little changes, and the canvas is then what was encoded. */
    @Test
    void changedTilesMakeTheSamePicture() {
        js("document.querySelector(\"details[data-title='Picture']\")?.setAttribute('open', '')");
        List<?> before = pixels();
        Object tiled = js("return perseid.area.tiled");
        js("perseid.connection.call('set', {values: {legend: true}})");
        wait.until(_ -> !Objects.equals(js("return perseid.area.tiled"), tiled));
        awaitStill();
        List<?> with = pixels();
        assertThat(difference(with, before)).isGreaterThan(0.01);
        js("perseid.connection.call('press', {id: 'undo'})");
        wait.until(_ -> difference(pixels(), before) < 0.005);
    }

    @Test
    void whoIsNotLetInAnyMoreIsToldWhy() {
        browser.manage().deleteAllCookies();
        js("perseid.connection.socket.close()");
        wait.until(_ -> browser.findElement(By.id("state")).getText().startsWith("not let in"));
    }

    @Test
    void twoBrowsersShareTheCameraUntilOneWantsItsOwn() {
        ChromeDriver other = openBrowser();
        try {
            other.manage().window().setSize(new Dimension(900, 500));
            other.get(live.address());
            WebDriverWait otherWait = new WebDriverWait(other, Duration.ofSeconds(30));
            String camera = "return perseid.lastFrame ? perseid.lastFrame.camera[0] : 0";
            otherWait.until(_ -> !Objects.equals(other.executeScript(camera), 0L));
            browser.findElement(By.id("picture")).sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
            awaitStill();
            Object moved = js("return perseid.lastFrame.camera[0]");
            otherWait.until(_ -> Objects.equals(other.executeScript(camera), moved));
            otherWait.until(_ -> other.findElement(By.id("who")).getText().contains("steers"));
            assertThat(other.findElement(By.id("steer")).isDisplayed()).isTrue();
            WebElement name = browser.findElement(By.id("name"));
            name.clear();
            name.sendKeys("Ann", Keys.TAB);
            otherWait.until(_ -> other.findElement(By.id("who")).getText().contains("Ann steers"));
            other.findElement(By.id("own-view")).click();
            other.findElement(By.id("picture")).sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
            otherWait.until(_ -> !Objects.equals(other.executeScript(camera), moved));
            assertThat(js("return perseid.lastFrame.camera[0]")).isEqualTo(moved);
        } finally {
            other.quit();
        }
    }

    @Test
    void thePageReadsTheFramesOfTheSharedFixtures() throws IOException {
        String seen =
                "4000000007 258 image/%s final 92 1234.5 16.25 2.5 1280 720"
                        + " 1,2,3,-4,5.5,-60000000000,0,0,1,45 7,8,9 %s not a frame";
        assertThat(decoded("frame.bin")).isEqualTo(String.format(Locale.ROOT, seen, "png", "null"));
        assertThat(decoded("tiles.bin"))
                .isEqualTo(
                        String.format(
                                Locale.ROOT,
                                seen,
                                "jpeg",
                                "{\"side\":32,\"places\":["
                                        + "{\"fromX\":0,\"fromY\":0,\"x\":0,\"y\":0},"
                                        + "{\"fromX\":32,\"fromY\":0,\"x\":1248,\"y\":0},"
                                        + "{\"fromX\":64,\"fromY\":0,\"x\":0,\"y\":32},"
                                        + "{\"fromX\":96,\"fromY\":0,\"x\":1248,\"y\":704}]}"));
    }

    private Object decoded(String name) throws IOException {
        Path fixture =
                Path.of(
                        System.getProperty("perseid.root"),
                        "streaming/src/test/resources/protocol/" + name);
        String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(fixture));
        return Objects.requireNonNullElse(
                browser.executeAsyncScript(
                        "const done = arguments[1];"
                                + "import('./protocol.js').then(p => {"
                                + " const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));"
                                + " const f = p.decodeFrame(bytes.buffer);"
                                + " let refused = ''; try { p.decodeFrame(new ArrayBuffer(8)); } catch (e) { refused = e.message; }"
                                + " done([f.sequence, f.event, f.type, f.stage, f.quality, f.sentMillis, f.renderMillis,"
                                + " f.encodeMillis, f.width, f.height, f.camera.join(), [...f.data].join(),"
                                + " JSON.stringify(f.tiles), refused].join(' ')); })",
                        base64),
                "");
    }
}
