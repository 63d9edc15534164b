package org.perseid.streaming;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lines and curves that also those see who come later; only the newest are kept. */
final class Board {
    private static final int MAX_LINES = 200;
    private static final int MAX_POINTS = 2000;

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final Map<String, ArrayDeque<double[]>> plots = new TreeMap<>();

    synchronized void addLine(String line) {
        lines.add(line);
        if (lines.size() > MAX_LINES) {
            lines.remove();
        }
    }

    synchronized void addPoint(String id, double x, double y) {
        ArrayDeque<double[]> points = plots.computeIfAbsent(id, _ -> new ArrayDeque<>());
        points.add(new double[] {x, y});
        if (points.size() > MAX_POINTS) {
            points.remove();
        }
    }

    /** Puts all of it into the answer to a hello. */
    synchronized void describe(ObjectNode hello) {
        ArrayNode log = hello.putArray("log");
        lines.forEach(log::add);
        ObjectNode curves = hello.putObject("plots");
        plots.forEach((id, points) -> curves.set(id, Rpc.json(List.copyOf(points))));
    }
}
