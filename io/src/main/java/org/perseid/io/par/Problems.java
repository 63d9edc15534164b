package org.perseid.io.par;

import java.util.ArrayList;
import java.util.List;
import org.perseid.io.InputException;
import org.perseid.renderer.model.Reporter;

/**
 * What is wrong with a parameter file, collected until all of it has been looked at. Used by one
 * thread.
 */
public final class Problems {
    private static final int SHOWN = 50;

    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Notes something that must be mended. */
    void error(String where, String what) {
        errors.add(where + ": " + what);
    }

    /** Notes something that should be looked at. */
    void warning(String where, String what) {
        warnings.add(where + ": " + what);
    }

    /** Those that must be mended. */
    public List<String> errors() {
        return errors;
    }

    /** Those that should be looked at. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Tells the warnings, then fails if there are errors.
     *
     * @throws InputException with all errors, one a line
     */
    public void settle(Reporter reporter) {
        warnings.stream().limit(SHOWN).forEach(reporter::warn);
        if (warnings.size() > SHOWN) {
            reporter.warn((warnings.size() - SHOWN) + " more warnings");
        }
        if (!errors.isEmpty()) {
            List<String> shown = new ArrayList<>(errors.subList(0, Math.min(SHOWN, errors.size())));
            if (errors.size() > SHOWN) {
                shown.add((errors.size() - SHOWN) + " more errors");
            }
            throw new InputException(String.join("\n", shown));
        }
    }
}
