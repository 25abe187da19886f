using Octet.Numerics.Rescaling;

namespace Octet.Cli.Settings;

/// <summary>Which integer arithmetic rescales sums.</summary>
internal static class ArithmeticSetting
{
    private const string Auto = "auto";

    private static readonly (string Name, IntegerArithmetic Arithmetic)[] All =
    [
        ("float-scale", new FloatArithmetic()),
        ("multiplier", new MultiplierArithmetic(MultiplierRounding.Single)),
        ("multiplier-double", new MultiplierArithmetic(MultiplierRounding.Double)),
        ("multiplier-double-half-up", new MultiplierArithmetic(MultiplierRounding.DoubleHalfUp)),
        ("shift-half-even", new ShiftArithmetic(ShiftRounding.HalfEven)),
        ("shift-half-up", new ShiftArithmetic(ShiftRounding.HalfUp)),
        ("shift-half-down", new ShiftArithmetic(ShiftRounding.HalfDown)),
        ("shift-half-away", new ShiftArithmetic(ShiftRounding.HalfAway)),
        ("shift-floor", new ShiftArithmetic(ShiftRounding.Floor)),
        ("shift-floor-bias16", new ShiftArithmetic(ShiftRounding.Floor) { BiasBits = 16 }),
        ("bm1684", new Bm1684Arithmetic()),
    ];

    /// <summary>Makes the option.</summary>
    public static ChoiceSetting Create(string byDefault) => new("arithmetic", [Auto, .. All.Select(a => a.Name)], $"how sums are brought to the output's scale; bm1684 (as tpu-mlir lowers for such chips) is unverified; auto: {byDefault}");

    /// <summary>The arithmetic of a word; null for auto.</summary>
    public static IntegerArithmetic? Of(string word) => All.FirstOrDefault(a => a.Name == word).Arithmetic;
}
