package org.perseid.io.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perseid.io.InputException;
import org.perseid.io.TestReporter;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.SnapshotInfo;

/** Outputs with particles of several families, and an octree of two levels in two tasks. */
class RamsesTest {
    @TempDir Path folder = Path.of("");

    private static Bytes bytes() {
        return new Bytes(ByteOrder.LITTLE_ENDIAN);
    }

    Path info(int cpus) throws IOException {
        Files.createDirectories(folder.resolve("output_00007"));
        return Files.writeString(
                folder.resolve("output_00007/info_00007.txt"),
                "ncpu        =          "
                        + cpus
                        + "\nndim        =          3\nboxlen      =  0.200000000000000E+01\n"
                        + "time        =  0.5\naexp        =  0.5\nH0          =  0.700000000000000E+02\n"
                        + "omega_m     =  0.3\nomega_l     =  0.7\nunit_l      =  0.1E+25\nunit_d      =  0.2E-28\n"
                        + "unit_t      =  0.1E+18\n\nordering type=hilbert\n");
    }

    void particles(int cpu, boolean family, int... families) throws IOException {
        int n = families.length;
        Bytes out = bytes();
        out.record(bytes().i4(2)).record(bytes().i4(3)).record(bytes().i4(n));
        out.record(bytes().i4(1, 2, 3, 4)).record(bytes().i4(0));
        out.record(bytes().f8(0)).record(bytes().f8(0)).record(bytes().i4(0));
        for (int field = 0; field < 7; field++) {
            Bytes values = bytes();
            for (int i = 0; i < n; i++) {
                values.f8(100 * cpu + 10 * field + i);
            }
            out.record(values);
        }
        Bytes ids = bytes();
        Bytes levels = bytes();
        for (int i = 0; i < n; i++) {
            ids.i4(1000 * cpu + i);
            levels.i4(6);
        }
        out.record(ids).record(levels);
        if (family) {
            out.record(bytes().i1(families)).record(bytes().i1(new int[n]));
        } else {
            Bytes birth = bytes();
            for (int f : families) {
                birth.f8(f == 2 ? -0.5 : 0);
            }
            out.record(birth);
        }
        out.write(folder.resolve("output_00007/part_00007.out0000" + cpu));
    }

    void descriptor() throws IOException {
        StringBuilder text =
                new StringBuilder("# version:  1\n# ivar, variable_name, variable_type\n");
        String[] names = {
            "position_x",
            "position_y",
            "position_z",
            "velocity_x",
            "velocity_y",
            "velocity_z",
            "mass",
            "identity",
            "levelp",
            "family",
            "tag"
        };
        for (int k = 0; k < names.length; k++) {
            text.append(k + 1).append(", ").append(names[k]).append(", ");
            text.append(k < 7 ? "d" : k < 9 ? "i" : "b").append('\n');
        }
        Files.writeString(folder.resolve("output_00007/part_file_descriptor.txt"), text);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void particlesAreSortedByFamily(boolean family) throws IOException {
        Path info = info(2);
        if (family) {
            descriptor();
        }
        particles(1, family, 1, 2, 1, 1);
        particles(2, family, 2, 1);
        SnapshotInfo found = Reading.info(folder.resolve("output_00007"));
        assertThat(found.types().get(1).count()).isEqualTo(4);
        assertThat(found.types().get(2).count()).isEqualTo(2);
        assertThat(found.redshift()).isEqualTo(1);
        assertThat(found.units().length().cgs()).isEqualTo(1e24, within(1e20));
        LoadRequest.More more = new LoadRequest.More(true, List.of("mass"), Map.of(), "", null);
        Reading.Rows dark =
                Reading.read(info, Reading.with(Reading.request(1, null, "levelp"), true, more));
        assertThat(dark.ids()).containsExactly(1000, 1002, 1003, 2001);
        assertThat(dark.position()[2]).containsExactly(103, 113, 123);
        assertThat(dark.velocity()[1][3]).isEqualTo(241f);
        assertThat(dark.extras()[0]).containsExactly(160, 162, 163, 261);
        Reading.Rows stars = Reading.read(info, Reading.request(2, null, "mass"));
        assertThat(stars.color()).containsExactly(161, 260);
    }

    /**
     * Task 1 owns the grid of level 1 (the box) whose cell 3 is refined by a grid of level 2, which
     * task 2 owns; each file also holds the other's grid, which must not count twice.
     */
    void octree(int cpu) throws IOException {
        int cpus = 2;
        int levels = 3;
        Bytes amr = bytes();
        amr.record(bytes().i4(cpus)).record(bytes().i4(3)).record(bytes().i4(1, 1, 1));
        amr.record(bytes().i4(levels)).record(bytes().i4(100)).record(bytes().i4(0));
        amr.record(bytes().i4(2)).record(bytes().f8(2));
        for (int k = 9; k <= 21; k++) {
            amr.record(bytes().f8(k));
        }
        amr.record(bytes().i4(1, 0, 0, 1, 0, 0)); // grids by task, for each level
        amr.record(bytes().i4(new int[10 * levels]));
        amr.record(bytes().i4(0)).record(bytes().text("hilbert", 128)).record(bytes().f8(0, 1, 2));
        amr.record(bytes().i4(1)).record(bytes().i4(0)).record(bytes().i4(1));
        Bytes hydro = bytes();
        hydro.record(bytes().i4(cpus)).record(bytes().i4(2)).record(bytes().i4(3));
        hydro.record(bytes().i4(levels)).record(bytes().i4(0)).record(bytes().f8(1.4));
        for (int level = 1; level <= levels; level++) {
            for (int domain = 1; domain <= cpus; domain++) {
                boolean has = level == domain;
                hydro.record(bytes().i4(level)).record(bytes().i4(has ? 1 : 0));
                if (has) {
                    grid(amr, hydro, level);
                }
            }
        }
        amr.write(folder.resolve("output_00007/amr_00007.out0000" + cpu));
        hydro.write(folder.resolve("output_00007/hydro_00007.out0000" + cpu));
    }

    private static void grid(Bytes amr, Bytes hydro, int level) {
        double[] centre =
                level == 1 ? new double[] {0.5, 0.5, 0.5} : new double[] {0.75, 0.75, 0.25};
        amr.record(bytes().i4(1)).record(bytes().i4(0)).record(bytes().i4(0));
        for (double c : centre) {
            amr.record(bytes().f8(c));
        }
        for (int k = 0; k < 7; k++) {
            amr.record(bytes().i4(0));
        }
        for (int cell = 0; cell < 8; cell++) {
            amr.record(bytes().i4(level == 1 && cell == 3 ? 2 : 0));
        }
        for (int k = 0; k < 16; k++) {
            amr.record(bytes().i4(0));
        }
        for (int cell = 0; cell < 8; cell++) {
            hydro.record(bytes().f8(10 * level + cell)).record(bytes().f8(-cell));
        }
    }

    @Test
    void leafCellsAreAtTheirPlacesOnce() throws IOException {
        Path info = info(2);
        octree(1);
        octree(2);
        Files.writeString(
                folder.resolve("output_00007/hydro_file_descriptor.txt"),
                "# version:  1\n# ivar, variable_name, variable_type\n  1, density, d\n  2, pressure, d\n");
        LoadRequest.More more = Reading.more(List.of("mass"), Map.of(), "", null);
        Reading.Rows cells =
                Reading.read(
                        info,
                        Reading.with(Reading.request(0, "cell_size", "density"), false, more));
        assertThat(cells.color())
                .containsExactly(10, 11, 12, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27);
        assertThat(cells.position()[0]).containsExactly(0.5, 0.5, 0.5);
        assertThat(cells.position()[3]).containsExactly(0.5, 0.5, 1.5);
        assertThat(cells.position()[7]).containsExactly(1.25, 1.25, 0.25);
        assertThat(cells.size()[0]).isEqualTo(1f);
        assertThat(cells.size()[14]).isEqualTo(0.5f);
        double volume = 0;
        for (float side : cells.size()) {
            volume += side * side * side;
        }
        assertThat(volume).isEqualTo(8);
        assertThat(cells.extras()[0][14]).isEqualTo(27f / 8);
    }

    @Test
    void whoGivesOneOfTheFilesHearsOfTheFolder() throws IOException {
        Path info = info(1);
        particles(1, true, 1);
        Path part = info.resolveSibling("part_00007.out00001");
        assertThatThrownBy(() -> Reading.info(part))
                .hasMessageContaining(
                        "the file lies in a folder of a RAMSES output: give " + info.getParent());
    }

    @Test
    void damageIsTold() throws IOException {
        Path info = info(2);
        assertThatThrownBy(() -> Reading.info(info))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is neither");
        descriptor();
        particles(1, true, 1, 1);
        assertThatThrownBy(() -> Reading.info(info))
                .hasMessageContaining("part_00007.out00002: is missing");
        particles(2, true, 1);
        Path second = folder.resolve("output_00007/part_00007.out00002");
        byte[] good = Files.readAllBytes(second);
        Files.write(second, java.util.Arrays.copyOf(good, good.length - 5));
        assertThatThrownBy(() -> Reading.info(info)).hasMessageContaining("truncated");
        byte[] wrong = good.clone();
        wrong[8] ^= 1;
        Files.write(second, wrong);
        assertThatThrownBy(() -> Reading.info(info))
                .hasMessageContaining("the record at byte 0 begins with length 4 and ends with");
        info(0);
        assertThatThrownBy(() -> Reading.info(info)).hasMessageContaining("says ncpu=0");
        info(2);
        octree(1);
        octree(2);
        Path amr = folder.resolve("output_00007/amr_00007.out00001");
        byte[] tree = Files.readAllBytes(amr);
        tree[24 + 4] = 2; // nx
        Files.write(amr, tree);
        Files.write(second, good);
        assertThatThrownBy(() ->
                        Reading.read(
                                info,
                                Reading.options(-1, Map.of()),
                                Reading.request(0, null, null),
                                new TestReporter()))
                .hasMessageContaining("coarse cells along an axis is 2; expected 1 to 1");
    }
}
