package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.SnapshotInfo;

/** CSV and columns with blanks. */
class TextTest {
    @TempDir private Path folder;

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("t.txt"), text);
    }

    @Test
    void aCsvFileWithAHeader() throws IOException {
        Path file =
                write(
                        "name,x [pc],y [pc],z [pc],\"mag, V\"\n\"a, b\",1,2,3,4.5\n\nc,4,5e0,6,\n# no star\nd,7,8,9,-1\n");
        SnapshotInfo info = Reading.info(file);
        assertThat(info.format()).isEqualTo("text, 5 columns with ',' between them");
        assertThat(info.totalCount()).isEqualTo(3);
        assertThat(info.units().length().name()).isEqualTo("pc");
        assertThat(info.fields().getFirst().unit()).isEqualTo("pc");
        Reading.Rows rows = Reading.read(file, Reading.request(0, null, "x"));
        assertThat(rows.position()[2]).containsExactly(7, 8, 9);
        TestReporter reporter = new TestReporter();
        Reading.Rows complete =
                Reading.read(
                        file,
                        Reading.options(-1, Map.of()),
                        Reading.request(0, null, "mag, V"),
                        reporter);
        assertThat(complete.color()).containsExactly(4.5f, -1f);
        assertThat(reporter.warnings.getFirst()).contains("1 whose colour is not finite");
        assertThatThrownBy(() -> Reading.read(file, Reading.request(0, null, "name")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("column 'name' holds no numbers");
    }

    @Test
    void blanksSemicolonsAndTabs() throws IOException {
        for (String between : List.of("   ", ";", "\t", "|")) {
            Path file = write("x y z v\n1 2 3 4\n5 6 7 8\n".replace(" ", between));
            Reading.Rows rows = Reading.read(file, Reading.request(0, null, "v"));
            assertThat(rows.position()[1]).containsExactly(5, 6, 7);
            assertThat(rows.color()).containsExactly(4, 8);
        }
    }

    @Test
    void withoutAHeaderColumnsHaveNumbers() throws IOException {
        Path file = write("1 2 3 4 5\n6 7 8 9 10\n");
        assertThat(Reading.read(file, Reading.request(0, "col5", "col4")).size())
                .containsExactly(5, 10);
        Reading.Rows rows =
                Reading.read(
                        file,
                        Reading.options(15, Map.of("x", "3", "y", "4", "z", "5")),
                        Reading.request(0, null, "col1"),
                        new TestReporter());
        assertThat(rows.position()[0]).containsExactly(3, 4, 5);
        Path commented = write("# x y z mass\n1 2 3 4\n");
        assertThat(Reading.info(commented).fields().get(3).name()).isEqualTo("mass");
    }

    @Test
    void aSurveyOfThirtyNineColumnsHasItsPlacesInSixteenToEighteen() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int k = 1; k <= 39; k++) {
            line.append(k).append(' ');
        }
        Path file = write(line + "\n");
        Reading.Rows rows =
                Reading.read(
                        file,
                        Reading.options(15, Map.of()),
                        Reading.request(0, null, null),
                        new TestReporter());
        assertThat(rows.position()[0]).containsExactly(16, 17, 18);
    }

    @Test
    void manyLinesAreReadInBlocks() throws IOException {
        StringBuilder text = new StringBuilder("x,y,z\n");
        for (int i = 0; i < 5000; i++) {
            text.append(i).append(",0,").append(-i).append('\n');
        }
        Path file = write(text.toString());
        LoadRequest odd =
                Reading.with(
                        Reading.request(0, null, "x"),
                        false,
                        Reading.more(List.of(), Map.of(), "x % 1000 == 7", null));
        assertThat(Reading.read(file, odd).color()).containsExactly(7, 1007, 2007, 3007, 4007);
    }

    @Test
    void positionsOfACatalogueComeFromTheSky() throws IOException {
        Path file = write("ra,dec,parallax\n90,0,10\n0,90,100\n180,-30,50\n");
        Reading.Rows rows = Reading.read(file, Reading.request(0, null, "ra"));
        assertThat(rows.position()[0][1]).isEqualTo(100, within(1e-4));
        assertThat(rows.position()[1][2]).isEqualTo(10, within(1e-4));
        assertThat(rows.position()[2][0]).isEqualTo(-20 * Math.cos(Math.PI / 6), within(1e-4));
        assertThat(Reading.info(file).units().length().name()).isEqualTo("pc");
        Path noDistance = write("RA,DEC,g\n90,0,1\n0,0,2\n");
        assertThat(Reading.read(noDistance, Reading.request(0, null, "g")).position()[1][0])
                .isEqualTo(1, within(1e-6));
        assertThat(Reading.info(noDistance).units().length().isKnown()).isFalse();
    }

    @Test
    void damageIsToldWithItsRow() throws IOException {
        Path file = write("x,y,z\n1,2,3\n4,5\n");
        assertThatThrownBy(() -> Reading.read(file, Reading.request(0, null, null)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 2 (byte 12) has 2 columns; expected 3");
        Path two = write("a,b,c\n1,2,3\n");
        assertThatThrownBy(() -> Reading.info(two))
                .hasMessageContaining("has no columns x, y, z (nor ra, dec); name them");
        Path sentence = write("This is a sentence without numbers.\n");
        assertThatThrownBy(() -> Reading.info(sentence)).hasMessageContaining("unknown format");
    }
}
