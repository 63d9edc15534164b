"""Writes the particles of a Gadget-2 file of format 2 as gas of a Gadget HDF5 file: gadget_to_hdf5.py IN OUT."""

import sys

import h5py
import numpy as np


def blocks(path):
    data = np.memmap(path, np.uint8, "r")
    at = 0
    out = {}
    while at < len(data):
        name = bytes(data[at + 4 : at + 8]).decode().strip()
        size = int(data[at + 16 : at + 20].view("<u4")[0])
        out[name] = data[at + 20 : at + 20 + size]
        at += 24 + size
    return out


def main(source, target):
    of = blocks(source)
    counts = of["HEAD"][:24].view("<i4")
    masses = of["HEAD"][24:72].view("<f8")
    total = int(counts.sum())
    mass = np.repeat(masses, counts).astype("<f4")
    size = of["HSML"].view("<f4")
    zeros = np.zeros(6, np.int32)
    number = zeros.copy()
    number[0] = total
    with h5py.File(target, "w") as file:
        header = file.create_group("Header").attrs
        header["NumPart_ThisFile"] = number
        header["NumPart_Total"] = number
        header["NumPart_Total_HighWord"] = zeros
        header["NumFilesPerSnapshot"] = 1
        header["MassTable"] = np.zeros(6)
        header["BoxSize"] = of["HEAD"][128:136].view("<f8")[0]
        for name, value in {"Time": 1, "Redshift": 0, "HubbleParam": 1, "Omega0": 0, "OmegaLambda": 0}.items():
            header[name] = float(value)
        for name in ("Flag_Cooling", "Flag_Sfr"):
            header[name] = 0
        gas = file.create_group("PartType0")
        gas["Coordinates"] = of["POS"].view("<f4").reshape(-1, 3)
        gas["ParticleIDs"] = of["ID"].view("<u4")
        gas["Masses"] = mass
        gas["SmoothingLength"] = size
        gas["Density"] = mass / size**3


main(sys.argv[1], sys.argv[2])
