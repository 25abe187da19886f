using System.Globalization;

namespace Octet.Cli.Terminal;

/// <summary>Numbers as people read them, the same under every culture.</summary>
internal static class Figures
{
    /// <summary>For example <c>3.6 MB</c>, of 1,000 kB each.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => Text($"{bytes} bytes"),
        < 1_000_000 => Text($"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => Text($"{bytes / 1e6:0.#} MB"),
        _ => Text($"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>A share as percent, for example <c>97.73 %</c>.</summary>
    public static string Percent(double share, int digits = 2) => Text($"{(share * 100).ToString("F" + digits, CultureInfo.InvariantCulture)} %");

    /// <summary>For example <c>38.2 dB</c>.</summary>
    public static string Decibels(double? sqnr) => sqnr switch
    {
        null => "-",
        double.PositiveInfinity => "exact",
        _ => Text($"{sqnr:0.0} dB"),
    };

    /// <summary>For example <c>1.25 ms</c>, with three significant digits.</summary>
    public static string Milliseconds(double milliseconds) => Text($"{(milliseconds >= 100 ? milliseconds.ToString("0", CultureInfo.InvariantCulture) : milliseconds.ToString(milliseconds >= 10 ? "0.0" : milliseconds >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture))} ms");

    /// <summary>A number of multiply-accumulates or values, for example <c>300.8 M</c>.</summary>
    public static string Count(long count) => count switch
    {
        < 10_000 => Text($"{count}"),
        < 1_000_000 => Text($"{count / 1e3:0.#} k"),
        < 1_000_000_000 => Text($"{count / 1e6:0.#} M"),
        _ => Text($"{count / 1e9:0.##} G"),
    };

    /// <summary>A number and a noun in the right form.</summary>
    public static string Of(long count, string noun) => Of(count, noun, noun + "s");

    /// <summary>A number and a noun in the right form.</summary>
    public static string Of(long count, string noun, string nouns) => Text($"{count} {(count == 1 ? noun : nouns)}");

    /// <summary>Interpolated text under the invariant culture.</summary>
    public static string Text(FormattableString text) => FormattableString.Invariant(text);
}
