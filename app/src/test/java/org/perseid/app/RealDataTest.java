package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perseid.renderer.model.Picture;

/** Every real snapshot at hand gives a description and, without a word of its user, a picture. */
class RealDataTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "gadget-binary/galaxy_collision_1.g2, 60000, format 2",
        "gadget-binary/galaxy_collision_3.g2, 60000, format 2",
        "gadget-binary/galaxy_littleendian.dat, 60000, format 1",
        "gadget-binary/gassphere_collapse_3.g1, 1472, format 1",
        "gadget-binary/gassphere_littleendian.dat, 1472, format 1",
        "gadget-binary/lcdm_gas_littleendian.dat, 65536, format 1",
        "gadget-binary/pot_acc.format2.gadget2, 1000, format 2",
        "fits/gaia-small-fits-plus.fits, 26, FITS binary table",
        "fits/hipparcos2_xyz.fits, 107736, FITS binary table",
        "genericio/m000.full.mpicosmo.50, 32768, HACC GenericIO",
        "hdf5/SimSpin_example_EAGLE.hdf5, 2100, HDF5 with particle types",
        "hdf5/SimSpin_example_IllustrisTNG.hdf5, 2100, HDF5 with particle types",
        "hdf5/dm_halo.hdf5, 174312, HDF5 datasets",
        "hdf5/fire/snapshot_600.2.hdf5, 1196349, 4 files",
        "hdf5/lcdm_gas_z0.hdf5, 65536, HDF5 with particle types",
        "hdf5/lcdm_multi/snapshot_003.1.hdf5, 65536, 2 files",
        "hdf5/phantom_adiabatic_00000.h5, 20736, Phantom",
        "hdf5/swift_web/snap_0002.hdf5, 128000, SWIFT",
        "openpmd/hacc_00000.h5, 32768, openPMD",
        "ramses/output_00002, 262144, RAMSES",
        "text/hipparcos2_bright20000.csv, 20000, text",
        "tipsy/galaxy_20K.bin, 20000, Tipsy native",
        "tipsy/king_soft.bin, 36000, Tipsy standard",
        "tipsy/run581.20000, 8948, Tipsy standard"
    })
    void itIsDescribedAndDrawn(String name, long particles, String format) throws IOException {
        Path file = Shared.path("data/" + name);
        Cli info = Cli.run("info", "--json", file);
        assertThat(info.code()).as(info.err()).isZero();
        assertThat(info.out()).contains("\"particles\":" + particles + ",").contains(format);

        Path parameters = folder.resolve("a.par");
        Cli init = Cli.run("init", file, "-o", parameters);
        assertThat(init.code()).as(init.err()).isZero();
        Cli render =
                Cli.run(
                        "render",
                        parameters,
                        "xres=200",
                        "yres=200",
                        "outfile=" + folder.resolve("a"));
        assertThat(render.code()).as(render.err()).isZero();
        assertThat(render.err()).doesNotContain("warning");

        Picture picture = TestPictures.read(folder.resolve("a0000.png"));
        long lit = 0;
        long bright = 0;
        for (byte level : picture.rgb()) {
            lit += (level & 255) > 20 ? 1 : 0;
            bright += (level & 255) > 250 ? 1 : 0;
        }
        double channels = picture.rgb().length;
        assertThat(lit / channels).as("lit part").isBetween(0.01, 0.97);
        assertThat(bright / channels).as("burnt out part").isLessThan(0.1);
    }
}
