package org.perseid.io.par;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Reporter;

/**
 * What is wrong with a parameter file, collected until all of it has been looked at; each thing
 * once. Used by one thread.
 */
public final class Problems {
    private static final int SHOWN = 50;

    private final Set<String> errors = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    /** Notes something that must be mended. */
    void error(String where, String what) {
        errors.add(where + ": " + what);
    }

    /** Notes something that should be looked at. */
    void warning(String where, String what) {
        warnings.add(where + ": " + what);
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** Those that must be mended, in the order in which they were found. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /**
     * Tells the warnings, then fails if there are errors.
     *
     * @throws InputException with all errors, one a line
     */
    public void settle(Reporter reporter) {
        shown(warnings, "warnings").forEach(reporter::warn);
        if (hasErrors()) {
            throw new InputException(String.join("\n", shown(errors, "errors")));
        }
    }

    private static List<String> shown(Set<String> lines, String what) {
        List<String> shown = new ArrayList<>(lines.stream().limit(SHOWN).toList());
        if (lines.size() > SHOWN) {
            shown.add((lines.size() - SHOWN) + " more " + what);
        }
        return shown;
    }
}
