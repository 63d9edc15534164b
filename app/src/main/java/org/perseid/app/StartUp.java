package org.perseid.app;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.perseid.io.demo.DemoHdf5;

/**
 * What the start script has done once, so that every later start is quick: {@code upgrade JAR}
 * makes classes of a library fit for the ahead-of-time cache, {@code rehearse FOLDER} is what the
 * cache is made from (JEP 483, 514, 515).
 */
final class StartUp {
    /** Classes older than this are verified in the old way, which the cache does not know. */
    private static final int OLDEST_CACHED = ClassFile.JAVA_6_VERSION;

    private StartUp() {}

    /**
     * Does one of the two.
     *
     * @throws IOException when a library cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "upgrade" -> upgrade(Path.of(args[1]));
            case "rehearse" -> System.exit(rehearse(Path.of(args[1])));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /**
     * Gives the old classes of a library a newer version and the stack maps that this needs; their
     * code stays. Does nothing where there are none.
     *
     * @return how many there were
     */
    static int upgrade(Path jar) throws IOException {
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        int upgraded = 0;
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(part))) {
            for (ZipEntry entry : from.stream().toList()) {
                byte[] content = from.getInputStream(entry).readAllBytes();
                boolean isOld =
                        entry.getName().endsWith(".class")
                                && ClassFile.of().parse(content).majorVersion() < OLDEST_CACHED;
                upgraded += isOld ? 1 : 0;
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                to.putNextEntry(copy);
                to.write(isOld ? upgraded(content) : content);
            }
        }
        if (upgraded > 0) {
            Path _ =
                    Files.move(
                            part,
                            jar,
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(part);
        }
        return upgraded;
    }

    private static byte[] upgraded(byte[] content) {
        ClassFile tools =
                ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        ClassFile.ConstantPoolSharingOption.NEW_POOL);
        return tools.transformClass(
                tools.parse(content),
                ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
                        .andThen(
                                ClassTransform.endHandler(
                                        made -> made.withVersion(ClassFile.JAVA_8_VERSION, 0))));
    }

    /** Does what a first hour with the program does, as far as it is short. */
    static int rehearse(Path folder) {
        String galaxy = folder.resolve("galaxy.par").toString();
        String data = folder.resolve("galaxy.gadget").toString();
        List<String[]> commands = new ArrayList<>();
        commands.add(
                new String[] {
                    "demo", "--no-serve", "--particles", "300000", "--output", folder.toString()
                });
        commands.add(new String[] {"info", data});
        commands.add(new String[] {"init", data, "-o", folder.resolve("made.par").toString()});
        for (String quality : List.of("exact", "high", "high")) {
            commands.add(
                    new String[] {
                        "render",
                        galaxy,
                        "--quality=" + quality,
                        "outfile=" + folder.resolve("drawn"),
                        "xres=1024",
                        "yres=1024"
                    });
        }
        Path hdf5 = folder.resolve("gas.hdf5");
        DemoHdf5.write(hdf5, 100_000, 1);
        String ofHdf5 = folder.resolve("gas.par").toString();
        commands.add(new String[] {"info", hdf5.toString()});
        commands.add(new String[] {"init", hdf5.toString(), "-o", ofHdf5});
        commands.add(
                new String[] {
                    "render",
                    ofHdf5,
                    "--quality=high",
                    "outfile=" + folder.resolve("gas"),
                    "layers=column_density"
                });
        for (String[] command : commands) {
            int code = Main.run(command);
            if (code != Main.OK) {
                return code;
            }
        }
        return Main.OK;
    }
}
