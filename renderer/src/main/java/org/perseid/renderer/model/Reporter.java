package org.perseid.renderer.model;

/** Where long work says what it does. Calls may come from any thread. */
public interface Reporter {
    /** Says nothing. */
    Reporter SILENT =
            new Reporter() {
                @Override
                public void note(String line) {}

                @Override
                public void warn(String line) {}

                @Override
                public void progress(String stage, long done, long total) {}
            };

    /** Something worth knowing. */
    void note(String line);

    /** Something that the user should look at; work goes on. */
    void warn(String line);

    /** How far a stage is; {@code done == total} when it has ended. */
    void progress(String stage, long done, long total);
}
