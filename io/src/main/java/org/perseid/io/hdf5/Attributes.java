package org.perseid.io.hdf5;

import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Attributes of any numeric type and shape as numbers: codes do not agree on either. */
final class Attributes {
    private Attributes() {}

    /** The numbers of an attribute; none when it is not there or no number. */
    static double[] numbers(@Nullable Node node, String name) {
        Object data = data(node, name);
        if (data instanceof Number n) {
            return new double[] {n.doubleValue()};
        }
        if (data == null || !data.getClass().isArray()) {
            return new double[0];
        }
        double[] out = new double[Array.getLength(data)];
        for (int i = 0; i < out.length; i++) {
            if (!(Array.get(data, i) instanceof Number n)) {
                return new double[0];
            }
            out[i] = n.doubleValue();
        }
        return out;
    }

    /** The first number of the first attribute that is there. */
    static double number(@Nullable Node node, double otherwise, String... names) {
        for (String name : names) {
            double[] numbers = numbers(node, name);
            if (numbers.length > 0) {
                return numbers[0];
            }
        }
        return otherwise;
    }

    /** The text of an attribute; empty when it is not there or no text. */
    static String text(@Nullable Node node, String name) {
        Object data = data(node, name);
        if (data instanceof Object[] array && array.length > 0) {
            data = array[0];
        }
        return data instanceof String s ? s.strip() : "";
    }

    private static @Nullable Object data(@Nullable Node node, String name) {
        if (node == null) {
            return null;
        }
        try {
            Attribute attribute = node.getAttributes().get(name);
            return attribute == null || attribute.isEmpty() ? null : attribute.getData();
        } catch (HdfException e) {
            return null; // of a type that cannot be read, so it is no number and no text
        }
    }
}
