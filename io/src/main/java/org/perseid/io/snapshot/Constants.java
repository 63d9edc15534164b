package org.perseid.io.snapshot;

import java.util.List;

/** Constants that formulas may use: of the snapshot's header, and of nature in cgs. */
final class Constants {
    /** Their names, but for the units of {@link Units}. */
    static final List<String> NAMES =
            List.of(
                    "pi",
                    "time",
                    "redshift",
                    "a",
                    "h",
                    "boxsize",
                    "omega0",
                    "omega_lambda",
                    "unit_length",
                    "unit_mass",
                    "unit_velocity",
                    "G",
                    "c",
                    "kB",
                    "mp",
                    "kpc",
                    "Mpc",
                    "pc",
                    "Msun",
                    "km",
                    "yr",
                    "Myr",
                    "Gyr");

    private Constants() {}

    /** A constant; NaN when there is none of that name, or the file does not tell. */
    static double value(String name, SnapshotInfo info) {
        return switch (name) {
            case "pi" -> Math.PI;
            case "time" -> info.time();
            case "redshift" -> info.redshift();
            case "a" -> info.scaleFactor();
            case "h" -> info.hubble();
            case "boxsize" -> info.boxSize();
            case "omega0" -> info.omega0();
            case "omega_lambda" -> info.omegaLambda();
            case "unit_length" -> info.units().length().cgs();
            case "unit_mass" -> info.units().mass().cgs();
            case "unit_velocity" -> info.units().velocity().cgs();
            case "G" -> 6.6743e-8;
            case "c" -> 2.99792458e10;
            case "kB" -> 1.380649e-16;
            case "mp" -> 1.67262192595e-24;
            case "kpc", "Mpc", "pc", "Msun", "km", "yr", "Myr", "Gyr" ->
                    Units.parse(name, 1, 1).cgs();
            default -> Double.NaN;
        };
    }
}
