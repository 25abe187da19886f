using System.Collections.Immutable;
using System.Globalization;
using Octet.Numerics.Rescaling;

namespace Octet.Formats.C;

/// <summary>Writes rescaling: for each family of arithmetic the functions of C that do the same.</summary>
internal static class RescaleWriter
{
    private const string Int32 = "int32_t";
    private const string Int64 = "int64_t";

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
    /// <param name="sum">The sum, an expression.</param>
    /// <param name="channel">The channel, an expression.</param>
    /// <param name="type">Its type: int32_t or int64_t.</param>
    public static string Output(CSource source, string layer, Requantize requantize, string sum, string channel, string type = Int32)
    {
        string rescaled = Rescaled(source, layer, requantize.Rescale, sum, channel, type);
        return Clamped(source, rescaled, requantize.ZeroPoint, requantize.Min, requantize.Max);
    }

    /// <summary>The expression that clamps a number and then adds a zero point, so that nothing overflows.</summary>
    public static string Clamped(CSource source, string value, int zeroPoint, int min, int max)
    {
        source.Share("clamp", Clamp);
        string type = min < sbyte.MinValue || max > sbyte.MaxValue ? "int16_t" : "int8_t";
        return zeroPoint == 0
            ? string.Create(CultureInfo.InvariantCulture, $"({type})clamp({value}, {min}, {max})")
            : string.Create(CultureInfo.InvariantCulture, $"({type})(clamp({value}, {min - zeroPoint}, {max - zeroPoint}) {Plus(zeroPoint)})");
    }

    /// <summary>The expression of a rescaled sum.</summary>
    public static string Rescaled(CSource source, string layer, Rescale rescale, string sum, string channel, string type = Int32)
    {
        switch (rescale)
        {
            case ShiftRescale shift:
                return Shifted(source, sum, Element(source, "int8_t", $"{layer}_shift", shift.Shifts, channel, "right shifts"), shift.Rounding, type);
            case ProductShiftRescale product:
                // Products of sums of 16-bit values take more than 32 bits.
                if (product.IsWide)
                {
                    string wide = $"(int64_t)({sum}) * {Element(source, "int32_t", $"{layer}_multiplier", product.Multipliers, channel, "multipliers")}";
                    return Shifted(source, wide, Element(source, "int8_t", $"{layer}_shift", product.Shifts, channel, "right shifts"), product.Rounding, Int64);
                }

                string multiplied = product.Count == 1 ? Multiple(source, product.Multipliers[0], sum) : $"{sum} * {Element(source, "int32_t", $"{layer}_multiplier", product.Multipliers, channel, "multipliers")}";
                return Shifted(source, multiplied, Element(source, "int8_t", $"{layer}_shift", product.Shifts, channel, "right shifts"), product.Rounding);
            case MultiplierRescale multiplier:
                return Multiplied(source, sum, Element(source, "int32_t", $"{layer}_multiplier", multiplier.Multipliers, channel, "multipliers in units of 2^-31"), Element(source, "int8_t", $"{layer}_shift", multiplier.Shifts, channel, "left shifts"), multiplier.Rounding, type);
            default:
                throw new OctetException(ErrorCodes.NoIntegerForm, $"layer {layer} is rescaled by floats, which generated C does not have", "choose another arithmetic: a multiplier with a shift, or shifts");
        }
    }

    /// <summary>The expression of a right shift.</summary>
    public static string Shifted(CSource source, string value, string shift, ShiftRounding rounding, string type = Int32)
    {
        bool isLong = type == Int64;
        string suffix = isLong ? "_64" : string.Empty;
        string name = suffix.Insert(0, rounding switch
        {
            ShiftRounding.Floor => "shift_right_floor",
            ShiftRounding.HalfUp => "shift_right_half_up",
            ShiftRounding.HalfDown => "shift_right_half_down",
            ShiftRounding.HalfAway => "shift_right_half_away",
            _ => "shift_right_half_even",
        });
        (string text, string add) = rounding switch
        {
            ShiftRounding.Floor => ("rounded down", "0"),
            ShiftRounding.HalfUp => ("halves towards plus infinity", "rest >= half"),
            ShiftRounding.HalfDown => ("halves towards minus infinity", "rest > half"),
            ShiftRounding.HalfAway => ("halves away from 0", "rest > half || (rest == half && v > 0)"),
            _ => ("halves to even", "rest > half || (rest == half && (floor & 1) != 0)"),
        };
        source.Share("a_shift_left", ShiftLeft);
        if (isLong)
        {
            source.Share("a_saturate", Saturate);
            source.Share("a_shift_floor_64", ShiftFloor64);
        }
        else
        {
            source.Share("a_shift_floor", ShiftFloor);
        }

        // Only long values need more than their own bits.
        string Saturated(string result) => isLong ? $"saturate({result})" : result;
        source.Share($"b_{name}", rounding == ShiftRounding.Floor
            ? $$"""
            /* v / 2^s, {{text}}; s <= 0 shifts left. */
            static inline int32_t {{name}}({{type}} v, int32_t s)
            {
                return s <= 0 ? shift_left({{Saturated("v")}}, -s) : {{Saturated($"shift_floor{suffix}(v, s)")}};
            }

            """
            : $$"""
            /* v / 2^s, {{text}}; s <= 0 shifts left. */
            static inline int32_t {{name}}({{type}} v, int32_t s)
            {
                if (s <= 0) {
                    return shift_left({{Saturated("v")}}, -s);
                }

                const {{type}} floor = shift_floor{{suffix}}(v, s);
                const u{{type}} rest = (u{{type}})v & (((u{{type}})1 << s) - 1U);
                const u{{type}} half = (u{{type}})1 << (s - 1);
                return {{Saturated($"floor + ({type})({add})")}};
            }

            """);
        return $"{name}({value}, {shift})";
    }

    /// <summary>The expression of a product with a 31-bit multiplier.</summary>
    public static string Multiplied(CSource source, string value, string multiplier, string shift, MultiplierRounding rounding, string type = Int32)
    {
        source.Share("a_saturate", Saturate);
        source.Share("a_shift_floor_64", ShiftFloor64);
        switch (rounding)
        {
            case MultiplierRounding.Single when type == Int64:
                source.Share("b_multiply_once_64", """
                    /* v * multiplier * 2^(shift - 31) for v of 48 bits, rounded once, halves up. */
                    static inline int32_t multiply_once_64(int64_t v, int32_t multiplier, int32_t shift)
                    {
                        const int32_t s = 31 - shift;
                        const int64_t half = (int64_t)1 << (s - 1);
                        if (s < 17) {
                            const int64_t most = (int64_t)1 << 18;
                            return saturate(shift_floor_64((v > most ? most : v < -most ? -most : v) * multiplier + half, s));
                        }

                        const int64_t high = shift_floor_64(v, 16);
                        const int64_t low = v - high * 65536;
                        return saturate(shift_floor_64(high * multiplier + shift_floor_64(low * multiplier + half, 16), s - 16));
                    }

                    """);
                return $"multiply_once_64({value}, {multiplier}, {shift})";
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
