package org.perseid.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perseid.io.image.FloatFiles;
import org.perseid.io.image.Pictures;
import org.perseid.io.image.PixelGrid;
import org.perseid.io.palette.Palettes;
import org.perseid.io.par.Numbers;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.renderer.frame.Layer;
import org.perseid.renderer.model.Camera;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.FloatImage;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Percentiles;
import org.perseid.renderer.model.Quality;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Transform;
import org.perseid.renderer.model.Vec3;
import org.perseid.streaming.CallException;
import org.perseid.streaming.Hub;
import org.perseid.streaming.Rpc;
import org.perseid.streaming.Viewer;

/** What viewers of a live session can call, beside the panel; docs/protocol.md lists it. */
final class LiveCalls {
    private static final int MAX_PICTURE = 16_384;

    private final LiveSession session;
    private final LiveScene scene;
    private final Hub hub;

    LiveCalls(LiveSession session, Hub hub) {
        this.session = session;
        this.scene = session.scene();
        this.hub = hub;
    }

    void register() {
        hub.method("colormaps", (_, _) -> colorMaps());
        hub.method("parameters", (viewer, _) -> saveParameters(viewer));
        hub.method("picture", this::savePicture);
        hub.method("camera", this::setCamera);
        hub.method("histogram", (_, request) -> histogram(request));
        hub.method("cmd_replace_colourmap", this::replaceColourMap);
        hub.method("cmd_reload_field", this::reloadField);
        hub.method("probe", this::probe);
    }

    private static JsonNode colorMaps() {
        ObjectNode out = Rpc.object();
        for (String name : Palettes.NAMES) {
            ColorMap map = Palettes.find(name, java.nio.file.Path.of(""));
            ArrayNode colors = out.putArray(name);
            for (int k = 0; k <= 16; k++) {
                for (int c = 0; c < 3; c++) {
                    colors.add(Math.round(255 * map.at(c, k / 16f)));
                }
            }
        }
        return out;
    }

    private JsonNode saveParameters(Viewer viewer) {
        String token =
                hub.download(
                        viewer,
                        "perseid.par",
                        "text/plain; charset=utf-8",
                        parameters(session.viewOf(viewer)).getBytes(StandardCharsets.UTF_8));
        return Rpc.object().put("token", token);
    }

    /** A parameter file that draws what is seen in a view. */
    String parameters(LiveView view) {
        return "# Saved from a live session. Draw it with: ./perseid render FILE.par\n"
                + seenIn(view).selfContainedText(session.loadedData().info().parts().getFirst());
    }

    private JsonNode savePicture(Viewer viewer, Rpc.Request request) {
        LiveView view = session.viewOf(viewer);
        int most = viewer.isWatchOnly() ? view.width() : MAX_PICTURE;
        int width = Math.clamp(request.params().path("width").asInt(view.width()), 1, most);
        int height = (int) ((long) width * view.height() / view.width());
        RenderJob job = seenIn(view, width, Math.max(1, height));
        session.change(() -> BatchRun.requireHeap(job, 1));
        String format = request.params().path("format").asText("png");
        Supplier<byte[]> file =
                switch (format) {
                    case "png" -> () -> png(job);
                    case "exr" -> () -> light(job, Numbers.LayerFormat.EXR);
                    case "fits" -> () -> light(job, Numbers.LayerFormat.FITS);
                    default ->
                            throw CallException.params(
                                    "picture: format is '" + format + "'; may be png, exr or fits");
                };
        String token =
                hub.download(
                        viewer,
                        "perseid." + format,
                        "image/" + format.replace("exr", "x-exr"),
                        session.onDrawingThread(file));
        return Rpc.object().put("width", width).put("height", height).put("token", token);
    }

    private byte[] png(RenderJob job) {
        return Pictures.png(session.draw(job), made(job), session.workers());
    }

    /** Light before exposure, or the values of a layer; without what is drawn over the picture. */
    private byte[] light(RenderJob job, Numbers.LayerFormat format) {
        Camera camera = job.views().getFirst().camera();
        SnapshotInfo info = session.loadedData().info();
        FloatImage values = session.values(job);
        Numbers.Pictured pictured = job.numbers().pictured();
        if (values != null && pictured != null) {
            PixelGrid grid = LayerGrid.of(job, camera, pictured.measure(), info);
            return FloatFiles.bytes(format, values, grid, made(job), session.workers());
        }
        return FloatFiles.light(
                session.light(job), format, LayerGrid.ofLight(job, camera, info), made(job));
    }

    /** What a file says of how it was made. */
    private Map<String, String> made(RenderJob job) {
        FrameData now = session.loadedData();
        return FrameFiles.text(job, Quality.EXACT, now.info().parts().getFirst(), now.identity());
    }

    private JsonNode setCamera(Viewer viewer, Rpc.Request request) {
        LiveView view = session.viewOf(viewer);
        if (!viewer.hasOwnView()) {
            hub.requireSteering(viewer);
        }
        try {
            synchronized (view) {
                Camera old = view.camera();
                Vec3 eye = vector(request, "eye", old.eye());
                view.setCamera(
                        new Camera(
                                eye,
                                vector(request, "target", old.lookAt()),
                                vector(request, "up", old.sky()),
                                eye,
                                request.params().path("fov").asDouble(old.fovDeg()),
                                old.projection(),
                                old.zMin(),
                                old.zMax(),
                                old.omniStereoOffset()));
            }
        } catch (RenderException e) {
            throw CallException.params(String.valueOf(e.getMessage()));
        }
        session.wake();
        return Rpc.object();
    }

    private static Vec3 vector(Rpc.Request request, String name, Vec3 otherwise) {
        JsonNode v = request.params().path(name);
        if (v.isMissingNode()) {
            return otherwise;
        }
        boolean good = v.isArray() && v.size() == 3;
        for (JsonNode part : v) {
            good &= part.isNumber() && Double.isFinite(part.doubleValue());
        }
        if (!good) {
            throw CallException.params("camera: '" + name + "' must be three numbers");
        }
        return new Vec3(v.get(0).doubleValue(), v.get(1).doubleValue(), v.get(2).doubleValue());
    }

    private JsonNode histogram(Rpc.Request request) {
        int type = (int) request.number("type");
        RenderJob job = scene.state().job();
        if (type < 0 || type >= job.types().size()) {
            throw CallException.params("histogram: there is no type " + type);
        }
        float[] sample =
                session.onDrawingThread(() -> {
                    ParticleSet set =
                            session.loadedData().layers(job, List.of()).get(type).particles();
                    Transform transform = job.types().get(type).style().colorTransform();
                    session.painters().ranks().sample(job, type);
                    return session.painters().ranks().sampled(set, transform);
                });
        ObjectNode out = Rpc.object();
        ArrayNode counts = out.putArray("counts");
        if (sample.length > 0) {
            out.put("min", sample[0]).put("max", sample[sample.length - 1]);
            for (int count : Percentiles.histogram(sample, 64)) {
                counts.add(count);
            }
        }
        return out;
    }

    /** As Splotch's client asks for it: a type's number and a palette file. */
    private JsonNode replaceColourMap(Viewer viewer, Rpc.Request request) {
        String palette = request.text("Colourmap").replaceFirst("^.*/", "");
        String name = palette.replaceFirst("\\.pal$", "");
        boolean builtIn = Palettes.NAMES.contains(name.replaceFirst("_r$", ""));
        return setOne(
                viewer,
                "palette" + request.text("Type"),
                builtIn ? name : request.text("Colourmap"));
    }

    /** As Splotch's client asks for it: what a field is for, and the field. */
    private JsonNode reloadField(Viewer viewer, Rpc.Request request) {
        String what = request.text("ID");
        if (!what.equals("CR")) {
            throw CallException.params(
                    "only the colour's field (ID CR) can be chosen while it runs, not " + what);
        }
        return setOne(viewer, "color_label0", request.text("Field"));
    }

    private JsonNode setOne(Viewer viewer, String id, String value) {
        ObjectNode params = Rpc.object();
        params.putObject("values").put(id, value);
        return hub.call(viewer, "set", params);
    }

    /** The brightest particle under a place of the picture, with its fields. */
    private JsonNode probe(Viewer viewer, Rpc.Request request) {
        double x = request.number("x");
        double y = request.number("y");
        LiveView view = session.viewOf(viewer);
        return session.onDrawingThread(() -> describe(view, x, y));
    }

    private JsonNode describe(LiveView view, double x, double y) {
        RenderJob job = seenIn(view);
        LiveRanks.Found hit = found(job, x, y);
        ObjectNode out = Rpc.object().put("found", hit != null);
        if (hit == null) {
            return out;
        }
        var info = session.loadedData().info();
        TypeParameters type = job.types().get(hit.layer());
        String length = info.units().length().name();
        String field = type.colorBySize() ? "smoothing length" : type.request().colorField();
        ArrayNode position = out.putArray("position");
        position.add(hit.position().x()).add(hit.position().y()).add(hit.position().z());
        out.put("type", info.typeName(type.request().fileType()));
        out.put("depth", hit.depth()).put("lengthUnit", length);
        out.put("smoothingLength", hit.smoothingLength());
        out.put("field", field == null ? "" : field);
        out.put("value", hit.value());
        var known = field == null ? null : info.field(field, type.request().fileType());
        out.put("unit", type.colorBySize() ? length : known == null ? "" : known.unit());
        return out;
    }

    private RenderJob seenIn(LiveView view) {
        return seenIn(view, view.width(), view.height());
    }

    private RenderJob seenIn(LiveView view, int width, int height) {
        return scene.seenFrom(view.camera(), width, height, view.range());
    }

    /** The brightest particle under a place of a job's picture; of the drawing thread alone. */
    private LiveRanks.@Nullable Found found(RenderJob job, double x, double y) {
        double boxSize = session.loadedData().info().boxSize();
        List<Layer> layers = session.layers(job);
        LiveRanks ranks = session.painters().ranks();
        ranks.pick(job, x, y);
        return ranks.found(layers, job, boxSize, x, y, session.painters().workers());
    }

    /** Brings what is under a place of the picture into its middle, by the drawing thread. */
    void recentre(LiveView view, double x, double y) {
        LiveRanks.Found hit = found(seenIn(view), x, y);
        if (hit == null) {
            return;
        }
        synchronized (view) {
            Camera camera = view.camera();
            Vec3 step = hit.position().minus(camera.lookAt());
            view.setCamera(
                    camera.shifted(
                            step.dot(camera.axisX()),
                            step.dot(camera.axisY()),
                            -step.dot(camera.axisZ())));
        }
    }
}
