package org.perseid.io.par;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * docs/parameters.md says what the table of keys says. With -Dperseid.update=true it is written.
 */
class ParametersDocTest {
    private static final String HEAD =
            """
            # Parameter files

            One `key = value` a line; what follows `#` is a comment. Keys are case sensitive; of a repeated key the last value
            counts, with a warning. A line without `=` and an unknown key are warnings; everything else that is wrong is an error,
            and all errors of a file are reported together, before data is read. `key=value` on the command line beats the file.

            Whole numbers may be written as `1e3`. Truth is `t, y, true, .true., yes, on, 1`, falsehood `f, n, false, .false., no,
            off, 0`, in any case. Keys that end in N exist once for each displayed type, N from 0 to ptypes-1.

            `simtype` may be left out for all but bare tables and meshes. A field is a name of the file, a derived field
            (`field.NAME`), or several names with commas between them, which make a vector. `size_fixN` may be
            left out where `size_labelN` is given. `color_labelN=smoothing_length` colours by the smoothing length, also by a
            computed one.

            ## Keys that count

            """;

    private static String document() {
        StringBuilder out = new StringBuilder(HEAD);
        out.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        keys(KeySpec.Support.USED)
                .forEach(k ->
                        out.append("| `")
                                .append(name(k))
                                .append("` | ")
                                .append(k.kind().name().toLowerCase(java.util.Locale.ROOT))
                                .append(" | ")
                                .append(k.defaultText())
                                .append(" | ")
                                .append(k.doc())
                                .append(" |\n"));
        out.append(
                "\n## Keys of features that are not here yet\n\nAn error, unless they have the value that leaves the");
        out.append(" feature off.\n\n| key | feature |\n|---|---|\n");
        keys(KeySpec.Support.LATER)
                .forEach(k ->
                        out.append("| `")
                                .append(name(k))
                                .append("` | ")
                                .append(k.doc())
                                .append(" |\n"));
        out.append(
                "\n## Keys that are accepted and change nothing\n\nThey belong to other readers or machines, or what");
        out.append(" they set is found by itself:\n\n");
        out.append(
                String.join(
                        ", ",
                        keys(KeySpec.Support.NO_EFFECT).stream()
                                .map(k -> "`" + name(k) + "`")
                                .toList()));
        return out.append(".\n").toString();
    }

    private static String name(KeySpec key) {
        return key.name() + (key.perType() ? "N" : "");
    }

    private static List<KeySpec> keys(KeySpec.Support support) {
        return Keys.all().stream().filter(k -> k.support() == support).toList();
    }

    @Test
    void theDocumentIsTrue() throws IOException {
        Path file = Path.of(System.getProperty("perseid.root", "..")).resolve("docs/parameters.md");
        if (Boolean.getBoolean("perseid.update")) {
            Files.writeString(file, document());
        }
        assertThat(Files.readString(file)).isEqualTo(document());
    }
}
