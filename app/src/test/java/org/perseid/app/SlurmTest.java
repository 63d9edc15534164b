package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of configs/slurm in a real Slurm, which has this machine alone as a cluster. */
@Tag("slow")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SlurmTest {
    private static final List<String> PROGRAMS = List.of("slurmctld", "slurmd", "munged", "sbatch");

    @TempDir private Path folder;
    private Path configuration = Path.of("");
    private Path jobs = Path.of("");

    /** Daemons of Slurm stay in the foreground, so that they end with the test. */
    private final List<Process> daemons = new ArrayList<>();

    @BeforeEach
    void startSlurm() throws IOException, InterruptedException {
        boolean there =
                MpiTest.isThere()
                        && "root".equals(System.getProperty("user.name"))
                        && PROGRAMS.stream().allMatch(SlurmTest::isInstalled);
        if (!there) {
            System.out.println(
                    "SKIPPED: needs root, Open MPI with its Java bindings, and Slurm"
                            + " (sudo apt-get install slurmctld slurmd slurm-client munge)");
        }
        assumeTrue(there, "needs Slurm");
        jobs = Files.createDirectory(folder.resolve("jobs"));
        Path _ = StartScript.copy(Files.createDirectory(folder.resolve("home")));
        byte[] key = new byte[1024];
        new Random().nextBytes(key);
        Path secret = Files.write(folder.resolve("key"), key);
        var _ = Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--------"));
        configuration = Files.writeString(folder.resolve("slurm.conf"), configuration());
        daemon(
                "munged",
                "--foreground",
                "--force",
                "--socket=" + folder.resolve("munge"),
                "--key-file=" + secret,
                "--log-file=" + folder.resolve("munge.log"),
                "--pid-file=" + folder.resolve("munge.pid"),
                "--seed-file=" + folder.resolve("munge.seed"));
        daemon("slurmctld", "-D");
        daemon("slurmd", "-D");
        for (int k = 0; k < 300 && !run("sinfo", "-h", "-o", "%t").strip().equals("idle"); k++) {
            Thread.sleep(100);
        }
    }

    @AfterEach
    void stopSlurm() throws IOException, InterruptedException {
        if (daemons.size() == 3) {
            String _ = run("scancel", "-u", "root");
            awaitJobs();
        }
        for (Process daemon : daemons.reversed()) {
            daemon.destroy();
            assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private String configuration() throws IOException {
        String host = InetAddress.getLocalHost().getHostName().replaceFirst("\\..*", "");
        return """
        ClusterName=alone
        SlurmctldHost=HOST(127.0.0.1)
        SlurmctldPort=PORT1
        SlurmdPort=PORT2
        AuthType=auth/munge
        AuthInfo=socket=FOLDER/munge
        CryptoType=crypto/munge
        SlurmUser=root
        StateSaveLocation=FOLDER/state
        SlurmdSpoolDir=FOLDER/spool
        SlurmctldPidFile=FOLDER/slurmctld.pid
        SlurmdPidFile=FOLDER/slurmd.pid
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        SlurmdParameters=config_overrides
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core
        NodeName=HOST NodeAddr=127.0.0.1 CPUs=8 RealMemory=64000
        PartitionName=all Nodes=ALL Default=YES State=UP
        """
                .replace("HOST", host)
                .replace("FOLDER", folder.toString())
                .replace("PORT1", "" + freePort())
                .replace("PORT2", "" + freePort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isInstalled(String program) {
        return List.of("/usr/bin", "/usr/sbin").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private ProcessBuilder process(String... words) {
        ProcessBuilder out = new ProcessBuilder(words).directory(jobs.toFile());
        out.environment().put("SLURM_CONF", configuration.toString());
        out.environment().put("PERSEID_HOME", folder.resolve("home").toString());
        out.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return out.redirectErrorStream(true);
    }

    private void daemon(String... words) throws IOException {
        Path log = folder.resolve(words[0] + ".said");
        daemons.add(process(words).redirectOutput(log.toFile()).start());
    }

    private String run(String... words) throws IOException, InterruptedException {
        Process process = process(words).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int _ = process.waitFor();
        return said;
    }

    /** Submits a script of configs/slurm; returns the job's number. */
    private String submit(String options, String script, Object... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("sbatch", "--parsable"));
        words.addAll(List.of(options.split(" ", -1)));
        words.add(Shared.root().resolve("configs/slurm").resolve(script).toString());
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        String said = run(words.toArray(String[]::new)).strip();
        assertThat(said).matches("\\d+");
        return said;
    }

    private void awaitJobs() throws IOException, InterruptedException {
        for (int k = 0; k < 600 && !run("squeue", "-h").isBlank(); k++) {
            Thread.sleep(200);
        }
    }

    private String said(String file) throws IOException {
        Path out = jobs.resolve(file);
        return Files.exists(out) ? Files.readString(out, StandardCharsets.UTF_8) : "";
    }

    @Test
    void aPictureByThreeRanks() throws IOException, InterruptedException {
        Path par = Shared.path("cases/01_two_types/case.par");
        String job =
                submit(
                        "--nodes=1 --ntasks-per-node=3 --cpus-per-task=1",
                        "render.sbatch",
                        par,
                        "outfile=by_job");
        awaitJobs();
        assertThat(said("perseid-" + job + ".out")).contains("8000 particles", "composite");
        Cli alone = Cli.run("render", par, "outfile=" + jobs.resolve("alone"));
        assertThat(alone.code()).as(alone.err()).isZero();
        byte[] expected = TestPictures.read(jobs.resolve("alone0000.ppm")).rgb();
        byte[] actual = TestPictures.read(jobs.resolve("by_job0000.ppm")).rgb();
        assertThat(actual.length).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs((expected[i] & 255) - (actual[i] & 255))).isLessThan(2);
        }
    }

    @Test
    void framesOfAMovieByAnArrayOfJobs() throws IOException, InterruptedException {
        Path par = LiveServer.writeGalaxy(folder, 5000);
        Path scene = Files.writeString(folder.resolve("turns.scene"), "fov\n40\n41\n42\n43\n44\n");
        Path film = jobs.resolve("turns.mp4");
        String job =
                submit(
                        "--array=1-2 --cpus-per-task=1",
                        "movie-array.sbatch",
                        par,
                        "scene_file=" + scene,
                        "xres=80",
                        "yres=60",
                        "-o",
                        film);
        awaitJobs();
        List<String> names = List.of("0000", "0001", "0002", "0003", "0004");
        for (int share = 1; share <= 2; share++) {
            String log = said("perseid-movie-" + job + "_" + share + ".out");
            assertThat(log).contains("share " + share + "/2 is done");
        }
        for (String name : names) {
            Path frame = jobs.resolve("turns.mp4.frames").resolve("frame" + name + ".png");
            assertThat(frame).isRegularFile();
        }
    }

    @Test
    void aLiveSessionTellsItsTunnelAndEndsWithItsJob() throws IOException, InterruptedException {
        Path par = LiveServer.writeGalaxy(folder, 5000);
        String job =
                submit(
                        "--mem=4G --ntasks=2 --cpus-per-task=1",
                        "serve.sbatch",
                        par,
                        "--port=0",
                        "--backend=scalar");
        String file = "perseid-" + job + ".out";
        for (int k = 0; k < 600 && !said(file).contains("Ctrl-C"); k++) {
            Thread.sleep(100);
        }
        Matcher address = Pattern.compile("open (http://localhost:(\\d+)\\S+)").matcher(said(file));
        assertThat(address.find()).as(said(file)).isTrue();
        assertThat(said(file))
                .containsPattern(
                        "ssh -N -J \\S+ -L %s:localhost:%s \\S+".replace("%s", address.group(2)));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest page = HttpRequest.newBuilder(URI.create(address.group(1))).build();
            assertThat(http.send(page, BodyHandlers.discarding()).statusCode()).isEqualTo(303);
        }
        assertThat(run("scancel", job)).isEmpty();
        for (int k = 0; k < 50 && !processes(par).isEmpty(); k++) {
            Thread.sleep(100);
        }
        assertThat(processes(par)).isEmpty();
    }

    /** Those that were started with a file. */
    private static List<String> processes(Path file) {
        return ProcessHandle.allProcesses()
                .map(p -> p.info().commandLine().orElse(""))
                .filter(line -> line.contains(file.toString()) && line.contains("serve"))
                .toList();
    }
}
