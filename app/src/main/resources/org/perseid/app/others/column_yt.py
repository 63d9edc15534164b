"""Column densities by yt: column_yt.py SNAPSHOT OUT.f32 PIXELS WIDTH DIRECTIONS [x,y,z ...].

Writes that along z, as little-endian floats, and prints the seconds of each of those along the directions that follow. The
sample of a pixel is at its corner, as in Splotch and Perseid, so the window is moved by half a pixel.
"""

import sys
import time

import numpy as np
import yt


def main(snapshot, out, pixels, width, directions):
    yt.set_log_level(50)
    field = ("gas", "density")
    units = {"length": (1, "kpc"), "mass": (1e10, "Msun"), "velocity": (1, "km/s")}
    data = yt.load(snapshot, unit_base=units)
    middle = 0.5 * float(data.domain_width[0].to("code_length"))
    corner = middle - 0.5 * width / pixels
    plot = yt.ProjectionPlot(
        data, "z", field, center=[corner, corner, middle], width=(width, "code_length"), buff_size=(pixels, pixels)
    )
    plot.save(out + ".png")
    column = plot.frb[field].to("code_mass/code_length**2")
    np.asarray(column, "<f4").tofile(out)
    print("version", yt.__version__)
    for direction in directions:
        start = time.perf_counter()
        yt.off_axis_projection(
            data,
            data.arr([middle] * 3, "code_length"),
            [float(v) for v in direction.split(",")],
            data.arr([width, width, 10 * width], "code_length"),
            (pixels, pixels),
            field,
        )
        print("next", time.perf_counter() - start, flush=True)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5:])
