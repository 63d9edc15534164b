"""Splats by ParaView: splats_paraview.py SNAPSHOT OUT.png WIDTH HEIGHT EYE TARGET SKY FOV [EYE ...].

Gaussians are as wide as Splotch's of 0.4 smoothing lengths, and their light adds up. Prints the seconds of each picture from
the places that follow. Vectors are x,y,z; the field of view is that of the height in degrees.
"""

import sys
import time

import h5py
import numpy as np
from paraview.simple import (
    ColorBy,
    CreateView,
    GetColorTransferFunction,
    GetParaViewVersion,
    Render,
    SaveScreenshot,
    Show,
    TrivialProducer,
    _DisableFirstRenderCameraReset,
)
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkPolyData

SIGMA = 0.41315374 * 0.4  # of a splat, in smoothing lengths


def vector(text):
    return [float(v) for v in text.split(",")]


def particles(snapshot):
    with h5py.File(snapshot) as file:
        gas = file["PartType0"]
        places = gas["Coordinates"][()]
        size = gas["SmoothingLength"][()]
        density = np.log10(gas["Density"][()])
    points = vtkPoints()
    points.SetData(numpy_to_vtk(places, deep=True))
    data = vtkPolyData()
    data.SetPoints(points)
    for name, values in (("sigma", SIGMA * size), ("density", density)):
        array = numpy_to_vtk(values, deep=True)
        array.SetName(name)
        data.GetPointData().AddArray(array)
    source = TrivialProducer()
    source.GetClientSideObject().SetOutput(data)
    return source


def main(snapshot, out, width, height, eye, target, sky, fov, others):
    _DisableFirstRenderCameraReset()
    view = CreateView("RenderView")
    view.ViewSize = [width, height]
    view.UseColorPaletteForBackground = 0
    view.Background = [0, 0, 0]
    view.OrientationAxesVisibility = 0
    shown = Show(particles(snapshot), view)
    shown.SetRepresentationType("Point Gaussian")
    shown.ShaderPreset = "Gaussian Blur"
    shown.ScaleByArray = 1
    shown.SetScaleArray = ["POINTS", "sigma"]
    shown.UseScaleFunction = 0
    shown.GaussianRadius = 1
    shown.Emissive = 1
    shown.Opacity = 0.1
    ColorBy(shown, ("POINTS", "density"))
    GetColorTransferFunction("density").ApplyPreset("Inferno (matplotlib)", True)
    view.CameraPosition = eye
    view.CameraFocalPoint = target
    view.CameraViewUp = sky
    view.CameraViewAngle = fov
    Render(view)
    SaveScreenshot(out, view)
    version = GetParaViewVersion()
    print("version", f"{version.major}.{version.minor}")
    for other in others:
        start = time.perf_counter()
        view.CameraPosition = other
        Render(view)
        print("next", time.perf_counter() - start, flush=True)


main(
    sys.argv[1],
    sys.argv[2],
    int(sys.argv[3]),
    int(sys.argv[4]),
    vector(sys.argv[5]),
    vector(sys.argv[6]),
    vector(sys.argv[7]),
    float(sys.argv[8]),
    [vector(place) for place in sys.argv[9:]],
)
