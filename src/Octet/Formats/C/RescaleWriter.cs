using System.Collections.Immutable;
using System.Globalization;
using Octet.Numerics.Rescaling;

namespace Octet.Formats.C;

/// <summary>Writes rescaling: for each family of arithmetic the functions of C that do the same.</summary>
internal static class RescaleWriter
{
    private const string ShiftLeft = """
        /* v * 2^s, saturated; more than 24 bits saturate everything that follows, too. */
        static inline int32_t shift_left(int32_t v, int32_t s)
        {
            const int32_t shift = s > 24 ? 24 : s;
            const int32_t most = INT32_MAX >> shift;
            return v > most ? INT32_MAX : v < -most ? INT32_MIN : v * (int32_t)(1L << shift);
        }

        """;

    private const string ShiftFloor = """
        /* v / 2^s rounded down, defined for negative v, too. */
        static inline int32_t shift_floor(int32_t v, int32_t s)
        {
            return v >= 0 ? v >> s : ~(~v >> s);
        }

        """;

    private const string ShiftFloor64 = """
        /* v / 2^s rounded down, defined for negative v, too. */
        static inline int64_t shift_floor_64(int64_t v, int32_t s)
        {
            return v >= 0 ? v >> s : ~(~v >> s);
        }

        """;

    private const string Saturate = """
        static inline int32_t saturate(int64_t v)
        {
            return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
        }

        """;

    private const string Clamp = """
        static inline int32_t clamp(int32_t v, int32_t min, int32_t max)
        {
            return v < min ? min : v > max ? max : v;
        }

        """;

    /// <summary>The expression that makes a quantized output of a sum.</summary>
    /// <param name="source">Takes arrays and functions.</param>
    /// <param name="layer">Identifier of the layer.</param>
    /// <param name="requantize">The last stage.</param>
    /// <param name="sum">The sum, an expression of int32_t.</param>
    /// <param name="channel">The channel, an expression.</param>
    public static string Output(CSource source, string layer, Requantize requantize, string sum, string channel)
    {
        string rescaled = Rescaled(source, layer, requantize.Rescale, sum, channel);
        return Clamped(source, rescaled, requantize.ZeroPoint, requantize.Min, requantize.Max);
    }

    /// <summary>The expression that clamps a number and then adds a zero point, so that nothing overflows.</summary>
    public static string Clamped(CSource source, string value, int zeroPoint, int min, int max)
    {
        source.Share("clamp", Clamp);
        return zeroPoint == 0
            ? string.Create(CultureInfo.InvariantCulture, $"(int8_t)clamp({value}, {min}, {max})")
            : string.Create(CultureInfo.InvariantCulture, $"(int8_t)(clamp({value}, {min - zeroPoint}, {max - zeroPoint}) {Plus(zeroPoint)})");
    }

    /// <summary>The expression of a rescaled sum.</summary>
    public static string Rescaled(CSource source, string layer, Rescale rescale, string sum, string channel)
    {
        switch (rescale)
        {
            case ShiftRescale shift:
                return Shifted(source, sum, Element(source, "int8_t", $"{layer}_shift", shift.Shifts, channel, "right shifts"), shift.Rounding);
            case ProductShiftRescale product:
                string multiplied = product.Count == 1 ? Multiple(source, product.Multipliers[0], sum) : $"{sum} * {Element(source, "int32_t", $"{layer}_multiplier", product.Multipliers, channel, "multipliers")}";
                return Shifted(source, multiplied, Element(source, "int8_t", $"{layer}_shift", product.Shifts, channel, "right shifts"), product.Rounding);
            case MultiplierRescale multiplier:
                return Multiplied(source, sum, Element(source, "int32_t", $"{layer}_multiplier", multiplier.Multipliers, channel, "multipliers in units of 2^-31"), Element(source, "int8_t", $"{layer}_shift", multiplier.Shifts, channel, "left shifts"), multiplier.Rounding);
            default:
                throw new OctetException(ErrorCodes.NoIntegerForm, $"layer {layer} is rescaled by floats, which generated C does not have", "choose another arithmetic: a multiplier with a shift, or shifts");
        }
    }

    /// <summary>The expression of a right shift.</summary>
    public static string Shifted(CSource source, string value, string shift, ShiftRounding rounding)
    {
        source.Share("a_shift_left", ShiftLeft);
        source.Share("a_shift_floor", ShiftFloor);
        string name = rounding switch
        {
            ShiftRounding.Floor => "shift_right_floor",
            ShiftRounding.HalfUp => "shift_right_half_up",
            ShiftRounding.HalfDown => "shift_right_half_down",
            ShiftRounding.HalfAway => "shift_right_half_away",
            _ => "shift_right_half_even",
        };
        (string text, string add) = rounding switch
        {
            ShiftRounding.Floor => ("rounded down", "0"),
            ShiftRounding.HalfUp => ("halves towards plus infinity", "rest >= half"),
            ShiftRounding.HalfDown => ("halves towards minus infinity", "rest > half"),
            ShiftRounding.HalfAway => ("halves away from 0", "rest > half || (rest == half && v > 0)"),
            _ => ("halves to even", "rest > half || (rest == half && (floor & 1) != 0)"),
        };
        source.Share($"b_{name}", rounding == ShiftRounding.Floor
            ? $$"""
            /* v / 2^s, {{text}}; s <= 0 shifts left. */
            static inline int32_t {{name}}(int32_t v, int32_t s)
            {
                return s <= 0 ? shift_left(v, -s) : shift_floor(v, s);
            }

            """
            : $$"""
            /* v / 2^s, {{text}}; s <= 0 shifts left. */
            static inline int32_t {{name}}(int32_t v, int32_t s)
            {
                if (s <= 0) {
                    return shift_left(v, -s);
                }

                const int32_t floor = shift_floor(v, s);
                const uint32_t rest = (uint32_t)v & (((uint32_t)1 << s) - 1U);
                const uint32_t half = (uint32_t)1 << (s - 1);
                return floor + (int32_t)({{add}});
            }

            """);
        return $"{name}({value}, {shift})";
    }

    /// <summary>The expression of a product with a 31-bit multiplier.</summary>
    public static string Multiplied(CSource source, string value, string multiplier, string shift, MultiplierRounding rounding)
    {
        source.Share("a_saturate", Saturate);
        source.Share("a_shift_floor_64", ShiftFloor64);
        switch (rounding)
        {
            case MultiplierRounding.Single:
                source.Share("b_multiply_once", """
                    /* v * multiplier * 2^(shift - 31), rounded once, halves up. */
                    static inline int32_t multiply_once(int32_t v, int32_t multiplier, int32_t shift)
                    {
                        const int32_t s = 31 - shift;
                        return saturate(shift_floor_64((int64_t)v * multiplier + ((int64_t)1 << (s - 1)), s));
                    }

                    """);
                return $"multiply_once({value}, {multiplier}, {shift})";
            default:
                string away = rounding == MultiplierRounding.Double ? " && (rest > half || high >= 0)" : string.Empty;
                source.Share("b_multiply", $$"""
                    /* v * multiplier * 2^(shift - 31), rounded twice: the high half with halves up, the shift with halves {{(rounding == MultiplierRounding.Double ? "away from 0" : "up")}}. */
                    static inline int32_t multiply(int32_t v, int32_t multiplier, int32_t shift)
                    {
                        const int64_t left = shift > 0 ? saturate((int64_t)v * ((int64_t)1 << shift)) : v;
                        const int32_t high = (int32_t)shift_floor_64(left * multiplier + ((int64_t)1 << 30), 31);
                        if (shift >= 0) {
                            return high;
                        }

                        const int32_t floor = (int32_t)shift_floor_64(high, -shift);
                        const int64_t rest = high - (int64_t)floor * ((int64_t)1 << -shift);
                        const int64_t half = (int64_t)1 << (-shift - 1);
                        return floor + (int32_t)(rest >= half{{away}});
                    }

                    """);
                return $"multiply({value}, {multiplier}, {shift})";
        }
    }

    /// <summary>An element of a constant array, or the number itself where all are the same.</summary>
    public static string Element(CSource source, string type, string name, ImmutableArray<int> values, string channel, string comment)
    {
        if (values.All(v => v == values[0]))
        {
            return values[0].ToString(CultureInfo.InvariantCulture);
        }

        string unique = source.Name(name);
        source.Array(type, unique, values.AsSpan(), comment);
        return $"{unique}[{channel}]";
    }

    /// <summary>For example <c>+ 3</c> or <c>- 3</c>.</summary>
    public static string Plus(int value) => value >= 0 ? string.Create(CultureInfo.InvariantCulture, $"+ {value}") : string.Create(CultureInfo.InvariantCulture, $"- {-(long)value}");

    // Shifts and sums for a constant multiplier: its signed digits, as few as there are.
    private static string Multiple(CSource source, int multiplier, string value)
    {
        var terms = new List<string>();
        long rest = multiplier;
        for (int bit = 0; rest != 0; bit++, rest >>= 1)
        {
            if ((rest & 1) != 0)
            {
                bool negative = (rest & 3) == 3;
                terms.Insert(0, string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : "+")} v * {1L << bit}"));
                rest += negative ? 1 : -1;
            }
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"times_{multiplier}");
        source.Share($"b_{name}", $$"""
            /* v * {{multiplier}}, as shifts and sums. */
            static inline int32_t {{name}}(int32_t v)
            {
                return {{string.Join(' ', terms)[2..]}};
            }

            """);
        return $"{name}({value})";
    }
}
