package org.perseid.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.perseid.compositing.GroupException;
import org.perseid.io.InputException;
import org.perseid.renderer.model.AgreedException;
import org.perseid.renderer.model.RenderException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program. Exit codes: 0 good, 2 wrong use or input, 1 a fault of the program itself. */
@Command(
        name = "perseid",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Draws particle data - simulation snapshots, star and galaxy catalogues - as light.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Done by the start script itself:",
            "  setup   Find or install what is needed, and build.",
            "  verify  Format check, static analysis and all tests; --all adds the slow ones.",
            "  --ranks N render|movie|serve ...   The command by N processes of Open MPI.",
            "",
            "First steps:",
            "  perseid demo                      a built-in galaxy, in the browser",
            "  perseid serve snapshot_063        your data in the browser",
            "  perseid init snapshot_063         a parameter file for your data",
            "  perseid render snapshot_063.par   its picture",
            "",
            "Exit codes: 0 good, 2 wrong use or input, 1 a fault of the program.",
            "PERSEID_JAVA_OPTS holds options for the Java machine, as in -Xmx8g."
        })
public final class Main {
    static final int OK = 0;
    static final int FAULT = 1;
    static final int BAD_INPUT = 2;

    /** Commands by name, in the order of the help. */
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("render", RenderCommand::new);
        COMMANDS.put("movie", MovieCommand::new);
        COMMANDS.put("serve", ServeCommand::new);
        COMMANDS.put("info", InfoCommand::new);
        COMMANDS.put("init", InitCommand::new);
        COMMANDS.put("convert", ConvertCommand::new);
        COMMANDS.put("plan", PlanCommand::new);
        COMMANDS.put("show-params", ShowParamsCommand::new);
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("bench", BenchCommand::new);
        COMMANDS.put("bench-hdf5", Hdf5Bench::new);
        COMMANDS.put("bench-composite", CompositeBench.Ranked::new);
    }

    private static final String REPORT_TO =
            "please report it with that file to the project's issue tracker";

    private Main() {}

    /**
     * Starts the program.
     *
     * @param args command and its arguments
     */
    public static void main(String[] args) {
        int exitCode;
        try (Ranks ranks = Ranks.join()) {
            exitCode = run(ranks, args);
        } catch (GroupException e) {
            error(String.valueOf(e.getMessage()));
            exitCode = BAD_INPUT;
        }
        System.exit(exitCode);
    }

    /** Runs one command line in one process; returns the exit code. */
    static int run(String... args) {
        return run(Ranks.alone(), args);
    }

    /**
     * Runs one command line on many ranks, called by all; returns the exit code. What is no {@link
     * Ranks.Command} is run by rank 0 alone.
     */
    static int run(Ranks ranks, String... args) {
        CommandLine line = commandLine(args);
        boolean together = false;
        for (CommandLine command : line.getSubcommands().values()) {
            if (command.getCommand() instanceof Ranks.Command of) {
                of.joinedBy(ranks);
                together |= args.length > 0 && command.getCommandName().equals(args[0]);
            }
        }
        if (!together && !ranks.isRoot()) {
            return OK;
        }
        return run(line, together ? ranks : Ranks.alone(), args);
    }

    /** With the command that is meant, where it is clear; making all of them takes a while. */
    private static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Main());
        Supplier<Object> meant = args.length > 0 ? COMMANDS.get(args[0]) : null;
        if (meant != null) {
            return line.addSubcommand(args[0], meant.get());
        }
        COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
        return line;
    }

    private static int run(CommandLine line, Ranks ranks, String... args) {
        line.setExecutionExceptionHandler((e, l, parsed) -> explain(e, ranks, List.of(args)));
        line.setParameterExceptionHandler(
                (e, words) -> ranks.isRoot() ? explainUsage(e) : BAD_INPUT);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        try {
            return line.execute(args);
        } catch (OutOfMemoryError | InternalError | StackOverflowError e) {
            return explain(e, ranks, List.of(args));
        }
    }

    /** Says what went wrong and ends all ranks, unless all know of it; returns the exit code. */
    private static int explain(Throwable e, Ranks ranks, List<String> args) {
        if (e instanceof AgreedException) {
            if (ranks.isRoot()) {
                error(String.valueOf(e.getMessage()));
            }
            return BAD_INPUT;
        }
        return ranks.size() == 1
                ? explain(e, args)
                : ranks.abort(() -> explain(e, ranks.name() + ": ", args));
    }

    private static int explainUsage(CommandLine.ParameterException e) {
        CommandLine command = e.getCommandLine();
        error(String.valueOf(e.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("see " + command.getCommandSpec().qualifiedName() + " --help");
        return BAD_INPUT;
    }

    /** Says what went wrong; returns the exit code. */
    static int explain(Throwable e, List<String> args) {
        return explain(e, "", args);
    }

    private static int explain(Throwable e, String who, List<String> args) {
        if (e instanceof InputException
                || e instanceof RenderException
                || e instanceof GroupException) {
            error(who + e.getMessage());
            return BAD_INPUT;
        }
        if (e instanceof OutOfMemoryError) {
            error(
                    who
                            + "not enough Java heap (at most "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB are allowed); make the picture smaller or set PERSEID_JAVA_OPTS=-Xmx8g, say");
            return BAD_INPUT;
        }
        error(who + "a fault in the program: " + e + "\n" + report(e, args));
        return FAULT;
    }

    private static void error(String message) {
        for (String line : message.split("\n", -1)) {
            System.err.println("error: " + line);
        }
    }

    /** Writes the details to a file; says where it is. */
    private static String report(Throwable fault, List<String> args) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            out.println(Version.text() + ", Java " + Runtime.version());
            out.println("arguments: " + String.join(" ", args));
            fault.printStackTrace(out);
        }
        try {
            Path file = Files.createTempFile("perseid-fault-", ".txt");
            Files.writeString(file, text.toString(), StandardCharsets.UTF_8);
            return "details are in " + file + "; " + REPORT_TO;
        } catch (IOException e) {
            return text.toString();
        }
    }
}
