package org.perseid.io.hdf5;

import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.Locale;
import org.perseid.io.snapshot.Units;

/**
 * Units as the codes write them: GADGET-4 and AREPO ({@code to_cgs, a_scaling, h_scaling}), SWIFT
 * and EAGLE (conversion factors and exponents), or three numbers in the header.
 */
final class FileUnits {
    private static final String[] LENGTHS = {"kpc", "Mpc", "pc", "AU", "cm"};
    private static final String[] MASSES = {"Msun", "g", "Msun"};
    private static final String[] VELOCITIES = {"km / s", "cm / s"};

    private final double hubble;
    private final double scaleFactor;
    private final Units units;

    /**
     * @param redshift 0 for runs that are not cosmological
     */
    FileUnits(Group root, double hubble, double redshift) {
        this.hubble = hubble;
        this.scaleFactor = redshift > -1 ? 1 / (1 + redshift) : 1;
        this.units = read(root);
    }

    Units units() {
        return units;
    }

    private Units read(Group root) {
        Units fromDatasets =
                new Units(
                        unit(root, LENGTHS, "Coordinates"),
                        unit(root, MASSES, "Masses", "Mass"),
                        unit(root, VELOCITIES, "Velocities", "Velocity"));
        if (fromDatasets.length().isKnown()) {
            return fromDatasets;
        }
        for (String name : new String[] {"Header", "Parameters", "Units"}) {
            Node node = Hdf5File.group(root, name);
            double length = Attributes.number(node, 0, "UnitLength_in_cm", "UnitLength_In_CGS");
            double mass = Attributes.number(node, 0, "UnitMass_in_g", "UnitMass_In_CGS");
            double velocity =
                    Attributes.number(node, 0, "UnitVelocity_in_cm_per_s", "UnitVelocity_In_CGS");
            if (length > 0 && mass > 0 && velocity > 0) {
                boolean cosmological = hubble > 0 && Math.abs(hubble - 1) > 1e-9;
                String a = scaleFactor < 1 ? " a" : "";
                String h = cosmological ? "/h" : "";
                double hFactor = cosmological ? 1 / hubble : 1;
                return new Units(
                        Units.named(length, LENGTHS, a + h, hFactor * scaleFactor),
                        Units.named(mass, MASSES, h, hFactor),
                        Units.named(
                                velocity,
                                VELOCITIES,
                                a.isEmpty() ? "" : " a^0.5",
                                Math.sqrt(scaleFactor)));
            }
        }
        return Units.UNKNOWN;
    }

    private Units.Unit unit(Group root, String[] names, String... datasets) {
        for (int t = 0; t < 8; t++) {
            for (String dataset : datasets) {
                Node node = Hdf5File.node(root, "PartType" + t + "/" + dataset);
                double cgs = cgs(node);
                if (cgs > 0) {
                    double a = aExponent(node);
                    double h = hExponent(node);
                    return Units.named(
                            cgs,
                            names,
                            power(" a", a) + (h == -1 ? "/h" : power(" h", h)),
                            Math.pow(scaleFactor, a) * Math.pow(hubble > 0 ? hubble : 1, h));
                }
            }
        }
        return switch (names.length) {
            case 5 -> Units.UNKNOWN.length();
            case 3 -> Units.UNKNOWN.mass();
            default -> Units.UNKNOWN.velocity();
        };
    }

    private static double cgs(@org.jspecify.annotations.Nullable Node node) {
        return Attributes.number(
                node,
                0,
                "to_cgs",
                "Conversion factor to CGS (not including cosmological corrections)",
                "CGSConversionFactor");
    }

    private static double aExponent(@org.jspecify.annotations.Nullable Node node) {
        return Attributes.number(node, 0, "a_scaling", "a-scale exponent", "aexp-scale-exponent");
    }

    private static double hExponent(@org.jspecify.annotations.Nullable Node node) {
        return Attributes.number(node, 0, "h_scaling", "h-scale exponent", "h-scale-exponent");
    }

    private static String power(String name, double exponent) {
        if (exponent == 0) {
            return "";
        }
        return exponent == 1
                ? name
                : name
                        + "^"
                        + (exponent == Math.rint(exponent)
                                ? String.format(Locale.ROOT, "%.0f", exponent)
                                : String.format(Locale.ROOT, "%.3f", exponent)
                                        .replaceAll("0+$", ""));
    }

    /** The unit of a dataset, as far as its attributes tell. */
    String ofField(Node node) {
        String expression = Attributes.text(node, "Expression for physical CGS units");
        if (!expression.isEmpty()) {
            return expression;
        }
        double cgs = cgs(node);
        if (!(cgs > 0)) {
            return "";
        }
        String exponents = power(" a", aExponent(node)) + power(" h", hExponent(node));
        return (cgs == 1 && exponents.isEmpty() ? "" : String.format(Locale.ROOT, "%.6g cgs", cgs))
                + exponents;
    }
}
