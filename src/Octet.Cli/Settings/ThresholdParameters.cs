using System.Globalization;

namespace Octet.Cli.Settings;

/// <summary>
/// The words of <c>--param</c>: parameters of a threshold method as <c>key=value</c>, truth values as <c>true</c> and <c>false</c>. What other tools call a
/// parameter and here is an option of its own (bits, scheme, axis) is taken out.
/// </summary>
internal sealed class ThresholdParameters
{
    private static readonly string[] BitsNames = ["bits", "num_bits", "bit_num", "quant_bits", "num_of_bits"];
    private static readonly string[] OffsetNames = ["with_offset", "asymmetric", "activation_offset"];

    private readonly Dictionary<string, double> own = new(StringComparer.Ordinal);

    /// <summary>Reads the words.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: a word is no key and number.</exception>
    public ThresholdParameters(IEnumerable<string> words)
    {
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? word : word[..equals].Trim();
            double value = Number(word, equals < 0 ? string.Empty : word[(equals + 1)..].Trim());
            if (BitsNames.Contains(key))
            {
                Bits = value is >= 2 and <= 16 && value == (int)value ? (int)value : throw Refused(word, "give 2 to 16 bits");
            }
            else if (OffsetNames.Contains(key))
            {
                Asymmetric = Truth(word, value);
            }
            else if (key == "symmetric")
            {
                Asymmetric = !Truth(word, value);
            }
            else if (key is "channel_wise" or "per_channel")
            {
                PerChannel = Truth(word, value);
            }
            else if (!own.TryAdd(key, value))
            {
                throw Refused(word, "give each parameter once");
            }
        }
    }

    /// <summary>The method's own.</summary>
    public IReadOnlyDictionary<string, double> Own => own;

    /// <summary>Bits of an integer, where said.</summary>
    public int? Bits { get; }

    /// <summary>Whether the scheme is asymmetric, where said.</summary>
    public bool? Asymmetric { get; }

    /// <summary>Whether each index of the first axis gets a range of its own, where said.</summary>
    public bool? PerChannel { get; }

    private static double Number(string word, string text) => text switch
    {
        "true" or "True" => 1,
        "false" or "False" => 0,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Refused(word, "write key=number, or key=true"),
    };

    private static bool Truth(string word, double value) => value is 0 or 1 ? value == 1 : throw Refused(word, "give true or false");

    private static OctetException Refused(string word, string remedy) => new(ErrorCodes.InvalidUsage, $"--param \"{word}\" cannot be used", remedy);
}
