package org.perseid.io.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.codehaus.janino.Java;
import org.perseid.io.Nearest;

/**
 * From the tree of a formula to Java code that holds only numbers, input columns, operators and
 * calls of {@link Math}. Everything else is refused.
 */
final class Translator {
    private static final int MAX_DERIVED_DEPTH = 16;
    private static final int MAX_CODE = 30_000;

    private static final Map<String, String> ONE_ARGUMENT =
            Map.ofEntries(
                    Map.entry("sqrt", "Math.sqrt"),
                    Map.entry("cbrt", "Math.cbrt"),
                    Map.entry("abs", "Math.abs"),
                    Map.entry("exp", "Math.exp"),
                    Map.entry("log", "Math.log"),
                    Map.entry("ln", "Math.log"),
                    Map.entry("log10", "Math.log10"),
                    Map.entry("sin", "Math.sin"),
                    Map.entry("cos", "Math.cos"),
                    Map.entry("tan", "Math.tan"),
                    Map.entry("asin", "Math.asin"),
                    Map.entry("acos", "Math.acos"),
                    Map.entry("atan", "Math.atan"),
                    Map.entry("sinh", "Math.sinh"),
                    Map.entry("cosh", "Math.cosh"),
                    Map.entry("tanh", "Math.tanh"),
                    Map.entry("floor", "Math.floor"),
                    Map.entry("ceil", "Math.ceil"),
                    Map.entry("radians", "Math.toRadians"));

    private static final Map<String, String> TWO_ARGUMENTS =
            Map.of(
                    "min", "Math.min",
                    "max", "Math.max",
                    "pow", "Math.pow",
                    "atan2", "Math.atan2",
                    "hypot", "Math.hypot");

    private static final Set<String> ARITHMETIC = Set.of("+", "-", "*", "/", "%");
    private static final Set<String> COMPARISON = Set.of("<", "<=", ">", ">=", "==", "!=");

    private static final String FUNCTIONS =
            "sqrt cbrt abs exp log ln log10 sin cos tan asin acos atan sinh cosh tanh floor ceil"
                    + " radians min max pow atan2 hypot where norm component";

    private final Symbols symbols;
    private final List<Expression.Input> inputs = new ArrayList<>();
    private int depth;

    Translator(Symbols symbols) {
        this.symbols = symbols;
    }

    /**
     * A part of a formula as code.
     *
     * @param condition whether it is true or false rather than a number
     */
    record Term(String code, boolean condition) {}

    List<Expression.Input> inputs() {
        return inputs;
    }

    Term translate(Java.Atom atom) {
        Term term =
                switch (atom) {
                    case Java.ParenthesizedExpression p -> translate(p.value);
                    case Java.IntegerLiteral n -> literal(n);
                    case Java.FloatingPointLiteral n -> literal(n);
                    case Java.UnaryOperation u -> unary(u);
                    case Java.BinaryOperation b -> binary(b);
                    case Java.ConditionalExpression c -> where(c.lhs, c.mhs, c.rhs);
                    case Java.MethodInvocation call -> call(call);
                    case Java.AmbiguousName name -> name(name.identifiers);
                    default -> throw new ExpressionException("'" + atom + "' is not allowed here");
                };
        if (term.code().length() > MAX_CODE) {
            throw new ExpressionException("is too long with all fields that it is made of");
        }
        return term;
    }

    private static Term literal(Java.Literal literal) {
        String digits = literal.value.replaceAll("[lLfFdD]$", "").replace("_", "");
        try {
            return number(Double.parseDouble(digits));
        } catch (NumberFormatException e) {
            throw new ExpressionException("'" + literal.value + "' is no decimal number");
        }
    }

    private static Term number(double v) {
        if (Double.isNaN(v) || Double.isInfinite(v)) {
            return new Term("Double.NaN", false);
        }
        return new Term("(" + v + ")", false);
    }

    private Term unary(Java.UnaryOperation u) {
        if (u.operator.equals("!")) {
            return new Term("(!" + condition(u.operand) + ")", true);
        }
        if (!u.operator.equals("-") && !u.operator.equals("+")) {
            throw new ExpressionException("the operator " + u.operator + " is not allowed");
        }
        return new Term("(" + u.operator + " " + number(u.operand) + ")", false);
    }

    private Term binary(Java.BinaryOperation b) {
        String op = b.operator;
        if (op.equals("&&") || op.equals("||")) {
            return new Term("(" + condition(b.lhs) + op + condition(b.rhs) + ")", true);
        }
        if (op.equals("^")) {
            throw new ExpressionException("the operator ^ is not allowed; write pow(x, y)");
        }
        if (op.equals("&") || op.equals("|")) {
            throw new ExpressionException("write " + op + op + " for '" + op + "'");
        }
        if (!ARITHMETIC.contains(op) && !COMPARISON.contains(op)) {
            throw new ExpressionException("the operator " + op + " is not allowed");
        }
        return new Term(
                "(" + number(b.lhs) + " " + op + " " + number(b.rhs) + ")",
                COMPARISON.contains(op));
    }

    private String number(Java.Atom atom) {
        Term term = translate(atom);
        if (term.condition()) {
            throw new ExpressionException(
                    "'"
                            + atom
                            + "' is true or false where a number is needed; use where(condition, a, b)");
        }
        return term.code();
    }

    private String condition(Java.Atom atom) {
        Term term = translate(atom);
        if (!term.condition()) {
            throw new ExpressionException(
                    "'" + atom + "' is a number where a condition is needed, as in x > 0");
        }
        return term.code();
    }

    private Term where(Java.Atom test, Java.Atom yes, Java.Atom no) {
        return new Term(
                "(" + condition(test) + " ? " + number(yes) + " : " + number(no) + ")", false);
    }

    private Term call(Java.MethodInvocation call) {
        String name = call.methodName;
        if (call.target != null) {
            throw new ExpressionException("'" + call + "' is not allowed; functions: " + FUNCTIONS);
        }
        Java.Rvalue[] arguments = call.arguments;
        if (name.equals("where")) {
            requireArguments(name, arguments, 3);
            return where(arguments[0], arguments[1], arguments[2]);
        }
        if (name.equals("norm")) {
            requireArguments(name, arguments, 1);
            return norm(fieldName(arguments[0]));
        }
        if (name.equals("component")) {
            requireArguments(name, arguments, 2);
            String field = fieldName(arguments[0]);
            return component(field, index(arguments[1], field));
        }
        if (ONE_ARGUMENT.containsKey(name)) {
            requireArguments(name, arguments, 1);
            return new Term(ONE_ARGUMENT.get(name) + "(" + number(arguments[0]) + ")", false);
        }
        if (TWO_ARGUMENTS.containsKey(name)) {
            requireArguments(name, arguments, 2);
            return new Term(
                    TWO_ARGUMENTS.get(name)
                            + "("
                            + number(arguments[0])
                            + ", "
                            + number(arguments[1])
                            + ")",
                    false);
        }
        throw new ExpressionException(
                "there is no function '"
                        + name
                        + "'"
                        + Nearest.to(name, List.of(FUNCTIONS.split(" ")))
                                .map(n -> "; did you mean " + n + "?")
                                .orElse("")
                        + "; functions: "
                        + FUNCTIONS);
    }

    private static void requireArguments(String name, Java.Rvalue[] arguments, int expected) {
        if (arguments.length != expected) {
            throw new ExpressionException(
                    name + " takes " + expected + " arguments, found " + arguments.length);
        }
    }

    private String fieldName(Java.Atom atom) {
        if (atom instanceof Java.AmbiguousName name) {
            String field = String.join(".", name.identifiers);
            if (symbols.components(field).isPresent()) {
                return field;
            }
            throw unknown(field);
        }
        throw new ExpressionException("'" + atom + "' is no name of a field");
    }

    private int index(Java.Atom atom, String field) {
        int components = symbols.components(field).orElse(0);
        if (atom instanceof Java.IntegerLiteral n) {
            try {
                int k = Integer.parseInt(n.value);
                if (k < components) {
                    return k;
                }
            } catch (NumberFormatException e) {
                // told below
            }
        }
        throw new ExpressionException(
                "component(" + field + ", " + atom + "): must be 0 to " + (components - 1));
    }

    private Term norm(String field) {
        int components = symbols.components(field).orElse(0);
        StringBuilder sum = new StringBuilder("Math.sqrt(");
        for (int k = 0; k < components; k++) {
            String c = component(field, k).code();
            sum.append(k == 0 ? "" : " + ").append(c).append(" * ").append(c);
        }
        return new Term(sum.append(")").toString(), false);
    }

    private Term name(String[] words) {
        String whole = String.join(".", words);
        OptionalInt components = symbols.components(whole);
        if (components.isPresent()) {
            if (components.getAsInt() != 1) {
                throw new ExpressionException(
                        whole
                                + " has "
                                + components.getAsInt()
                                + " components; use "
                                + whole
                                + ".x, .y, .z, component("
                                + whole
                                + ", k) or norm("
                                + whole
                                + ")");
            }
            return component(whole, 0);
        }
        String formula = symbols.formula(whole);
        if (formula != null) {
            return derived(whole, formula);
        }
        OptionalDouble constant = symbols.constant(whole);
        if (constant.isPresent()) {
            return number(constant.getAsDouble());
        }
        if (words.length > 1) {
            String field = String.join(".", List.of(words).subList(0, words.length - 1));
            int k = "xyz".indexOf(words[words.length - 1]);
            OptionalInt of = symbols.components(field);
            if (of.isPresent() && words[words.length - 1].length() == 1 && k >= 0) {
                if (k >= of.getAsInt()) {
                    throw new ExpressionException(
                            field
                                    + " has "
                                    + of.getAsInt()
                                    + " components, so there is no "
                                    + whole);
                }
                return component(field, k);
            }
        }
        throw unknown(whole);
    }

    private Term derived(String name, String formula) {
        if (++depth > MAX_DERIVED_DEPTH) {
            throw new ExpressionException("field." + name + " is made of itself");
        }
        try {
            return translate(Expression.parse(formula));
        } catch (ExpressionException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith("field.")
                    ? e
                    : new ExpressionException("field." + name + ": " + message);
        } finally {
            depth--;
        }
    }

    private Term component(String field, int k) {
        Expression.Input input = new Expression.Input(field, k);
        int at = inputs.indexOf(input);
        if (at < 0) {
            at = inputs.size();
            inputs.add(input);
        }
        return new Term("v" + at + "[i]", false);
    }

    private ExpressionException unknown(String name) {
        return new ExpressionException(
                "there is no '"
                        + name
                        + "'"
                        + Nearest.to(name, List.copyOf(symbols.names()))
                                .map(n -> "; did you mean " + n + "?")
                                .orElse("")
                        + "; names: "
                        + String.join(", ", symbols.names()));
    }
}
