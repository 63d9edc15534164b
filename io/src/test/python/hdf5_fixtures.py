"""Makes the HDF5 files of src/test/resources/hdf5: python3 hdf5_fixtures.py FOLDER. Needs h5py and numpy."""

import sys

import h5py
import numpy as np

folder = sys.argv[1]


def header(file, **attributes):
    group = file.create_group("Header")
    for name, value in attributes.items():
        group.attrs[name] = value
    return group


def swift():
    """Other names, exponents, a kernel's gamma, cells by which the particles are sorted."""
    with h5py.File(f"{folder}/swift.hdf5", "w") as f:
        header(f, BoxSize=np.array([8.0, 8.0, 8.0]), NumPart_ThisFile=np.array([8]), Redshift=0.0)
        f.create_group("Code").attrs["Code"] = np.bytes_("SWIFT")
        f.create_group("HydroScheme").attrs["Kernel gamma"] = np.array([1.825742])
        f.create_group("Cosmology").attrs["h"] = np.array([0.7])
        gas = f.create_group("PartType0")
        x = np.arange(8) + 0.5
        position = np.stack([x, np.full(8, 4.0), np.full(8, 4.0)], axis=1)
        c = gas.create_dataset("Coordinates", data=position, chunks=(3, 3), fletcher32=True)
        c.attrs["Conversion factor to CGS (not including cosmological corrections)"] = np.array([3.0856775814913673e24])
        c.attrs["a-scale exponent"] = np.array([1.0])
        c.attrs["h-scale exponent"] = np.array([0.0])
        gas.create_dataset("SmoothingLengths", data=np.arange(1, 9, dtype="f4"))
        d = gas.create_dataset("Densities", data=np.arange(1, 9, dtype="f4"), chunks=(8,), compression="gzip")
        d.attrs["Expression for physical CGS units"] = np.bytes_("a^-3 U_M U_L^-3  [ g cm^-3 ]")
        f["GasParticles"] = h5py.SoftLink("/PartType0")
        cells = f.create_group("Cells")
        centres = np.array([[2.0 * k + 1, 4, 4] for k in range(4)])
        cells.create_dataset("Centres", data=centres)
        cells.create_dataset("OffsetsInFile/PartType0", data=np.array([0, 2, 4, 6]))
        cells.create_dataset("Counts/PartType0", data=np.array([2, 2, 2, 2], dtype="i4"))
        for name, shift in (("MinPositions", -0.5), ("MaxPositions", 0.5)):
            bounds = centres.copy()
            bounds[:, 0] += shift
            cells.create_dataset(f"{name}/PartType0", data=bounds)
        cells.create_group("Meta-data").attrs["size"] = np.array([2.0, 8.0, 8.0])


def eagle():
    with h5py.File(f"{folder}/eagle.hdf5", "w") as f:
        header(f, BoxSize=np.array([100.0]), Redshift=1.0, Omega0=0.3, OmegaLambda=0.7, HubbleParam=0.7, Time=0.5)
        stars = f.create_group("PartType4")
        c = stars.create_dataset("Coordinates", data=np.arange(9.0).reshape(3, 3))
        c.attrs["CGSConversionFactor"] = 3.085678e24
        c.attrs["aexp-scale-exponent"] = np.float32(1)
        c.attrs["h-scale-exponent"] = np.float32(-1)
        stars.create_dataset("Mass", data=np.array([1, 2, 3], dtype="f4"))


def gadget4():
    with h5py.File(f"{folder}/gadget4.hdf5", "w") as f:
        header(f, BoxSize=100.0, Redshift=1.0, Git_commit=np.bytes_("abc"), NumPart_ThisFile=np.array([3.0, 0, 0]))
        f.create_group("Parameters").attrs.update({"Omega0": 0.3, "HubbleParam": 0.7})
        gas = f.create_group("PartType0")
        c = gas.create_dataset("Coordinates", data=np.arange(9.0).reshape(3, 3))
        c.attrs.update({"to_cgs": 3.085678e21, "a_scaling": 1.0, "h_scaling": -1.0})
        v = gas.create_dataset("Velocities", data=np.zeros((3, 3), dtype="f4"))
        v.attrs.update({"to_cgs": 1e5, "a_scaling": 0.5, "h_scaling": 0.0})
        gas.create_dataset("Flag", data=np.array([1, 2, 3], dtype="i1"))
        gas.create_dataset("Small", data=np.array([-1, 2, 300], dtype=">i2"))
        gas.create_dataset("Counts", data=np.array([1, 2, 2**32 - 1], dtype="u4"))
        gas.create_dataset("Energy", data=np.array([1.5, 2.5, 3.5], dtype=">f8"))
        gas.create_dataset("Name", data=np.array([b"a", b"b", b"c"]))
        gas.create_dataset("ParticleIDs", data=np.array([5, 6, 2**63 + 1], dtype="u8"))


def packed():
    """The same numbers in all layouts: row i is i, i % 100, -i / 2."""
    i = np.arange(5000)
    numbers = np.stack([i, i % 100, -i / 2], axis=1)
    layouts = {
        "contiguous": {},
        "chunked": {"chunks": (1000, 3)},
        "gzip": {"chunks": (777, 3), "compression": "gzip", "compression_opts": 6},
        "columns": {"chunks": (100, 2), "shuffle": True, "compression": "gzip"},
        "checksum": {"chunks": (5000, 3), "shuffle": True, "compression": "gzip", "fletcher32": True},
        "lzf": {"chunks": (512, 3), "compression": "lzf"},
        "big": {"chunks": (1024, 3), "dtype": ">f4"},
    }
    for name, layout in layouts.items():
        with h5py.File(f"{folder}/packed-{name}.hdf5", "w") as f:
            header(f, BoxSize=0.0)
            dtype = layout.pop("dtype", "f4")
            f.create_dataset("PartType1/Coordinates", data=numbers.astype(dtype), **layout)
    with h5py.File(f"{folder}/packed-missing.hdf5", "w") as f:
        header(f, BoxSize=0.0)
        d = f.create_dataset("PartType1/Coordinates", (3000, 3), dtype="f4", chunks=(1000, 3), fillvalue=7)
        d[:1000] = numbers[:1000]


def plain():
    with h5py.File(f"{folder}/compound.h5", "w") as f:
        kind = np.dtype([("id", "i4"), ("x", "f8"), ("y", "f8"), ("z", "f8"), ("name", "S4"), ("T", "f4")])
        rows = np.zeros(6, dtype=kind)
        for k in range(6):
            rows[k] = (k, k + 0.5, 10 + k, 20 + k, b"n", 100 * k)
        f.create_dataset("stars", data=rows, chunks=(4,), compression="gzip")
    with h5py.File(f"{folder}/grid.h5", "w") as f:
        f.create_dataset("density", data=np.arange(24.0).reshape(2, 3, 4), chunks=(1, 2, 2), compression="gzip")


for make in (swift, eagle, gadget4, packed, plain):
    make()
