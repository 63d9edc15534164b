package org.perseid.io.expression;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.commons.compiler.InternalCompilerException;
import org.codehaus.janino.Java;
import org.codehaus.janino.Parser;
import org.codehaus.janino.Scanner;
import org.codehaus.janino.SimpleCompiler;
import org.codehaus.janino.TokenType;

/**
 * A compiled formula. The text is parsed as a Java expression; only numbers, names, arithmetic,
 * comparisons and the functions of the formula language pass, and what is compiled is written anew
 * from those: a formula can neither read files nor call anything else.
 *
 * @param inputs values of a row that it needs, in the order that {@link Code#evaluate} takes them
 * @param isCondition whether it is true or false (1 or 0) rather than a number
 * @param code evaluates many rows
 */
public record Expression(List<Input> inputs, boolean isCondition, Code code) {
    /** Longest formula in characters. */
    public static final int MAX_LENGTH = 4000;

    private static final Object COMPILER = new Object();

    /**
     * One component of a field.
     *
     * @param field name
     * @param component from 0
     */
    public record Input(String field, int component) {}

    /** What a compiled formula does. */
    public interface Code {
        /**
         * Evaluates rows.
         *
         * @param in {@code [input][row]}
         * @param rows how many
         * @param out gets one value a row
         */
        void evaluate(double[][] in, int rows, double[] out);
    }

    /**
     * Compiles a formula.
     *
     * @throws ExpressionException when it is none, or has a name that is not known
     */
    public static Expression compile(String text, Symbols symbols) {
        Translator translator = new Translator(symbols);
        Translator.Term term = translator.translate(parse(text));
        StringBuilder source = new StringBuilder();
        source.append("package org.perseid.io.expression.compiled;\n")
                .append("public final class Formula implements ")
                .append(Code.class.getCanonicalName())
                .append(" {\n public void evaluate(double[][] in, int rows, double[] out) {\n");
        for (int k = 0; k < translator.inputs().size(); k++) {
            source.append("  double[] v").append(k).append(" = in[").append(k).append("];\n");
        }
        source.append("  for (int i = 0; i < rows; i++) {\n   out[i] = ")
                .append(term.condition() ? "(" + term.code() + ") ? 1.0 : 0.0" : term.code())
                .append(";\n  }\n }\n}\n");
        return new Expression(
                List.copyOf(translator.inputs()), term.condition(), load(source.toString(), text));
    }

    /**
     * Checks what can be checked without knowing the fields.
     *
     * @throws ExpressionException when the text is no formula
     */
    public static void requireSyntax(String text) {
        Java.Rvalue _ = parse(text);
    }

    /** The tree of a formula. */
    static Java.Rvalue parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ExpressionException(
                    "has " + text.length() + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        requireShallow(text);
        try {
            Scanner scanner = new Scanner(null, new StringReader(text));
            Parser parser = new Parser(scanner);
            Java.Rvalue tree = parser.parseExpression();
            if (parser.peek().type != TokenType.END_OF_INPUT) {
                throw new ExpressionException(
                        "'" + parser.peek().value + "' does not belong there");
            }
            return tree;
        } catch (CompileException e) {
            throw new ExpressionException(plain(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A bound on what the parser's recursion can meet. */
    private static void requireShallow(String text) {
        long nested = text.chars().filter(c -> "([{-+!~?".indexOf(c) >= 0).count();
        if (nested > 400) {
            throw new ExpressionException("is nested too deeply; define parts of it as fields");
        }
    }

    private static String plain(String message) {
        return message.replaceFirst("^Line \\d+, Column (\\d+): ", "at character $1: ");
    }

    private static Code load(String source, String text) {
        synchronized (COMPILER) {
            try {
                SimpleCompiler compiler = new SimpleCompiler();
                compiler.setParentClassLoader(Expression.class.getClassLoader());
                compiler.cook(source);
                return (Code)
                        compiler.getClassLoader()
                                .loadClass("org.perseid.io.expression.compiled.Formula")
                                .getDeclaredConstructor()
                                .newInstance();
            } catch (CompileException | InternalCompilerException e) {
                throw new ExpressionException(
                        "'" + text + "' cannot be compiled; define parts of it as fields");
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("formula '" + text + "' became\n" + source, e);
            }
        }
    }
}
