package org.perseid.io.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final Map<String, Integer> FIELDS =
            Map.of("U", 1, "Vel", 3, "data/T", 1, "Metals", 5);

    private static Symbols symbols(Map<String, String> formulas) {
        return new Symbols() {
            @Override
            public OptionalInt components(String field) {
                Integer n = FIELDS.get(field);
                return n == null ? OptionalInt.empty() : OptionalInt.of(n);
            }

            @Override
            public OptionalDouble constant(String name) {
                return name.equals("pi") ? OptionalDouble.of(Math.PI) : OptionalDouble.empty();
            }

            @Override
            public @Nullable String formula(String name) {
                return formulas.get(name);
            }

            @Override
            public Set<String> names() {
                return Set.of("U", "Vel", "Metals", "pi");
            }
        };
    }

    /** U is 8, Vel (1, 2, 2), Metals (0.1, 0.2, 0.3, 0.4, 0.5). */
    private static double evaluate(String text, Map<String, String> formulas) {
        Expression expression = Expression.compile(text, symbols(formulas));
        double[][] in = new double[expression.inputs().size()][1];
        for (int k = 0; k < in.length; k++) {
            Expression.Input input = expression.inputs().get(k);
            in[k][0] =
                    switch (input.field()) {
                        case "U" -> 8;
                        case "Vel" -> input.component() == 0 ? 1 : 2;
                        default -> 0.1 * (input.component() + 1);
                    };
        }
        double[] out = new double[1];
        expression.code().evaluate(in, 1, out);
        return out[0];
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1 + 2 * 3; 7",
                "(1 + 2) * 3; 9",
                "-U / 4; -2",
                "+U % 3; 2",
                "7 / 2; 3.5",
                "log10(U * 12.5); 2",
                "sqrt(U + 1) + cbrt(U); 5",
                "min(U, 3) + max(U, 3); 11",
                "pow(U, 2); 64",
                "norm(Vel); 3",
                "Vel.x + Vel.y + Vel.z; 5",
                "component(Metals, 3) * 10; 4",
                "where(U > 5 && Vel.x < 2, 1, 2); 1",
                "U > 9 || !(Vel.x == 1) ? 1 : 2; 2",
                "where(U >= 8 && U <= 8 && U != 7, 1, 0); 1",
                "atan2(0, 1) + hypot(3, 4) + abs(-1); 6",
                "sin(pi / 2) + cos(0) + exp(0) + ln(1); 3",
                "floor(2.7) + ceil(2.1) + tanh(0) + radians(0); 5",
                "1e3 + 1_000 + 2.5f; 2002.5",
                "double_u + U; 24"
            })
    void arithmeticIsAsEverywhere(String text, double expected) {
        assertThat(evaluate(text, Map.of("double_u", "2 * U"))).isEqualTo(expected, within(1e-12));
    }

    @Test
    void aConditionIsOneOrZeroAndAskedOnce() {
        Expression expression = Expression.compile("U > 5 && U * U > 5", symbols(Map.of()));
        assertThat(expression.isCondition()).isTrue();
        assertThat(expression.inputs()).hasSize(1);
        double[] out = new double[3];
        expression.code().evaluate(new double[][] {{1, 6, Double.NaN}}, 3, out);
        assertThat(out).containsExactly(0, 1, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1 +; at character 3",
                "U U; 'U' does not belong there",
                "Q; there is no 'Q'",
                "Ux + 1; did you mean U?",
                "Vel; Vel has 3 components; use Vel.x",
                "U.y + 1; U has 1 components, so there is no",
                "component(Metals, 9); must be 0 to 4",
                "component(Metals, U); must be 0 to 4",
                "component(Q, 1); there is no 'Q'",
                "norm(3); '3' is no name of a field",
                "U ^ 2; write pow(x, y)",
                "U & 2; write && for '&'",
                "U << 2; the operator << is not allowed",
                "~U; the operator ~ is not allowed",
                "squrt(U); did you mean sqrt?",
                "sqrt(U, 2); sqrt takes 1 arguments, found 2",
                "where(U, 1, 2); 'U' is a number where a condition is needed",
                "(U > 1) + 1; is true or false where a number is needed",
                "0x1F; is no decimal number",
                "loop; field.loop is made of itself",
                "bad; field.bad: there is no 'Nope'"
            })
    void whatIsWrongIsSaid(String text, String message) {
        assertThatThrownBy(() -> evaluate(text, Map.of("loop", "loop + 1", "bad", "Nope * 2")))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(message);
    }

    /** A formula can neither read files, nor call anything, nor make objects. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "System.exit(1)",
                "java.lang.Runtime.getRuntime().exec(\"id\")",
                "new java.io.File(\"/\").length()",
                "\"text\".length()",
                "U.getClass()",
                "String.class",
                "this",
                "U = 3",
                "U++",
                "(int) U",
                "new int[3]",
                "Math.sqrt(U)",
                "() -> 1",
                "'a'",
                "true",
                "null",
                "U instanceof Object",
                "in[0][0]",
                "1; System.exit(1)",
                "1) + (2",
                "/* */"
            })
    void nothingElsePasses(String text) {
        assertThatThrownBy(() -> evaluate(text, Map.of())).isInstanceOf(ExpressionException.class);
    }

    @Test
    void whatIsTooLongOrTooDeepIsRefused() {
        assertThatThrownBy(() -> evaluate("1" + "+1".repeat(3000), Map.of()))
                .hasMessageContaining("characters; at most 4000");
        assertThatThrownBy(() -> evaluate("(".repeat(500) + "1" + ")".repeat(500), Map.of()))
                .hasMessageContaining("nested too deeply");
        String wide = "sqrt(norm(Metals)) * norm(Vel)".repeat(1);
        String f = wide + " + " + wide + " + " + wide + " + " + wide;
        Map<String, String> grows =
                Map.of("a", f, "b", "a*a*a*a*a*a*a*a", "c", "b*b*b*b*b*b*b*b", "d", "c*c*c*c*c*c");
        assertThatThrownBy(() -> evaluate("d", grows)).isInstanceOf(ExpressionException.class);
    }
}
