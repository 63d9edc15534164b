package org.perseid.io.expression;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the names in a formula stand for. */
public interface Symbols {
    /** Components of the field of that name; empty when there is none. */
    OptionalInt components(String field);

    /** The value of a constant; empty when there is none of that name. */
    OptionalDouble constant(String name);

    /** The formula of a derived field; null when there is none of that name. */
    @Nullable String formula(String name);

    /** All names, for hints. */
    Set<String> names();
}
