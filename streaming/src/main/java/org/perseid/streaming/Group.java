package org.perseid.streaming;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a panel under a title. Built by one thread before the program is on the web, or as a
 * new panel that takes the place of the old one.
 */
public final class Group {
    private static final Supplier<List<String>> NO_OPTIONS = List::of;

    private final String title;
    private final boolean open;
    private final List<Element> elements = new ArrayList<>();

    /**
     * @param open whether the page shows the elements at first
     */
    public Group(String title, boolean open) {
        this.title = title;
        this.open = open;
    }

    /** Adds an element. */
    public Group add(Element element) {
        elements.add(element);
        return this;
    }

    /** Help for the element that was added last. */
    public Group help(String sentence) {
        elements.add(elements.removeLast().withHelp(sentence));
        return this;
    }

    /** A button that runs an action. */
    public Group button(String id, String label, Runnable action) {
        return plain(Element.Kind.BUTTON, id, label, () -> "", _ -> action.run());
    }

    /** A number between two ends. */
    public Group slider(
            String id,
            String label,
            double min,
            double max,
            DoubleSupplier value,
            DoubleConsumer change) {
        return number(Element.Kind.SLIDER, id, label, min, max, "", value, change);
    }

    /** A number of one of the kinds that are numbers. */
    public Group number(
            Element.Kind kind,
            String id,
            String label,
            double min,
            double max,
            String unit,
            DoubleSupplier value,
            DoubleConsumer change) {
        return add(
                new Element(
                        id,
                        kind,
                        label,
                        "",
                        min,
                        max,
                        unit,
                        NO_OPTIONS,
                        value::getAsDouble,
                        v -> change.accept((Double) v)));
    }

    /** A line of text. */
    public Group text(String id, String label, Supplier<String> value, Consumer<String> change) {
        return plain(
                Element.Kind.TEXT, id, label, value::get, v -> change.accept(String.valueOf(v)));
    }

    /** One of several texts. */
    public Group choice(
            String id,
            String label,
            Supplier<List<String>> options,
            Supplier<String> value,
            Consumer<String> change) {
        return choice(Element.Kind.CHOICE, id, label, options, value, change);
    }

    /** One of several texts, of one of the kinds that are choices. */
    public Group choice(
            Element.Kind kind,
            String id,
            String label,
            Supplier<List<String>> options,
            Supplier<String> value,
            Consumer<String> change) {
        return add(
                new Element(
                        id,
                        kind,
                        label,
                        "",
                        0,
                        0,
                        "",
                        options,
                        value::get,
                        v -> change.accept(String.valueOf(v))));
    }

    /** A check box. */
    public Group check(String id, String label, Supplier<Boolean> value, Consumer<Boolean> change) {
        return plain(Element.Kind.CHECK, id, label, value::get, v -> change.accept((Boolean) v));
    }

    /** Text that only the program changes. */
    public Group display(String id, String label, Supplier<String> value) {
        return plain(Element.Kind.DISPLAY, id, label, value::get, null);
    }

    /** A curve over time, fed by {@link Hub#plot}. */
    public Group plot(String id, String label) {
        return plain(Element.Kind.PLOT, id, label, () -> "", null);
    }

    /** A file that a viewer gives. */
    public Group upload(String id, String label, Consumer<Element.Upload> receive) {
        return plain(
                Element.Kind.UPLOAD, id, label, () -> "", v -> receive.accept((Element.Upload) v));
    }

    private Group plain(
            Element.Kind kind,
            String id,
            String label,
            Supplier<Object> value,
            @Nullable Consumer<Object> action) {
        return add(new Element(id, kind, label, "", 0, 0, "", NO_OPTIONS, value, action));
    }

    /** What the group is called. */
    public String title() {
        return title;
    }

    /** What is in it, in the order of the page. */
    public List<Element> elements() {
        return List.copyOf(elements);
    }

    ObjectNode describe() {
        ObjectNode out = Rpc.object().put("title", title).put("open", open);
        ArrayNode array = out.putArray("elements");
        elements.forEach(e -> array.add(e.describe()));
        return out;
    }
}
