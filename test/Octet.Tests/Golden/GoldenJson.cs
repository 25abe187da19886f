using System.Globalization;
using System.Text.Json;

namespace Octet.Tests.Golden;

/// <summary>Reads the numbers of golden JSON files.</summary>
internal static class GoldenJson
{
    /// <summary>The cases of a JSON file.</summary>
    public static JsonElement[] Cases(string relative, string list = "cases") => [.. GoldenFile.Json(relative).GetProperty(list).EnumerateArray()];

    /// <summary>A float: the bits where they are given, else the number.</summary>
    public static float Single(this JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? BitConverter.UInt32BitsToSingle(uint.Parse(value.GetProperty("bits").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : value.GetSingle();

    /// <summary>A float of an object.</summary>
    public static float Single(this JsonElement value, string name) => value.GetProperty(name).Single();

    /// <summary>An integer of an object, written with or without a fraction.</summary>
    public static int Integer(this JsonElement value, string name) => (int)value.GetProperty(name).GetDouble();

    /// <summary>A truth value of an object.</summary>
    public static bool Truth(this JsonElement value, string name) => value.GetProperty(name).GetBoolean();

    /// <summary>A text of an object.</summary>
    public static string Text(this JsonElement value, string name) => value.GetProperty(name).GetString()!;

    /// <summary>Texts of an object.</summary>
    public static string[] Texts(this JsonElement value, string name) => [.. value.GetProperty(name).EnumerateArray().Select(v => v.GetString()!)];

    /// <summary>Whether two floats have the same bits, but for the sign of zero.</summary>
    public static bool SameBits(float a, float b) => BitConverter.SingleToInt32Bits(a + 0f) == BitConverter.SingleToInt32Bits(b + 0f);

    /// <summary>Whether two numbers agree to a tolerance, relative for numbers above 1, absolute or relative below.</summary>
    public static bool Near(double expected, double actual, double tolerance = 1e-5) => Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1);
}
