package org.perseid.io.par;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ReadOptions;
import org.perseid.io.snapshot.Snapshots;

/**
 * Where a snapshot lies, by Splotch's rule: {@code datadir/snapdirNNN/infileNNN}, and, where no
 * such file is, {@code infile} as it stands.
 *
 * @param folder that a relative name starts from
 * @param dataFolder empty for none
 * @param snapshotFolder prefix of a folder by number, empty for none
 * @param name file or prefix
 * @param number of the snapshot
 * @param options for the reader
 */
public record SnapshotSource(
        Path folder,
        String dataFolder,
        String snapshotFolder,
        String name,
        int number,
        ReadOptions options) {

    /** The same with another number. */
    SnapshotSource withNumber(int newNumber) {
        return new SnapshotSource(folder, dataFolder, snapshotFolder, name, newNumber, options);
    }

    /**
     * The file to open, or its name without the part number.
     *
     * @throws InputException when there is none
     */
    public Path path() {
        Path numbered = inFolder().resolve(name + digits());
        Path plain = inFolder().resolve(name);
        for (Path candidate : List.of(numbered, plain)) {
            Optional<Path> found = Snapshots.find(candidate);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new InputException(
                "infile: no snapshot "
                        + numbered
                        + " (infile with its number), nor "
                        + plain
                        + ", nor either with .0 or .hdf5; check infile, datadir, snapdir and fidx");
    }

    /**
     * The numbers of the snapshots of the same name without a gap before and after this one; this
     * one alone where the name has no number.
     *
     * @param spacing between numbers
     */
    public List<Integer> numbers(int spacing) {
        ArrayDeque<Integer> out = new ArrayDeque<>();
        out.add(number);
        if (isNumbered()) {
            for (int k = number - spacing; k >= 0 && withNumber(k).isNumbered(); k -= spacing) {
                out.addFirst(k);
            }
            for (int k = number + spacing; withNumber(k).isNumbered(); k += spacing) {
                out.addLast(k);
            }
        }
        return List.copyOf(out);
    }

    private boolean isNumbered() {
        return Snapshots.find(inFolder().resolve(name + digits())).isPresent();
    }

    private String digits() {
        return String.format(Locale.ROOT, "%03d", number);
    }

    private Path inFolder() {
        Path base = dataFolder.isEmpty() ? folder : folder.resolve(dataFolder);
        return snapshotFolder.isEmpty() ? base : base.resolve(snapshotFolder + digits());
    }
}
