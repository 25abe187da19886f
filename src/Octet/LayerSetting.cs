using System.Globalization;

namespace Octet;

/// <summary>What a user wants of some layers, against the options that hold for all: <c>"conv1*: method=max factor=0.9"</c>.</summary>
/// <param name="Pattern">Names of layers, of their outputs or of graph inputs, operator types, or <c>depthwise</c>; * stands for any letters, ? for one.</param>
public sealed record LayerSetting(string Pattern)
{
    private const string Keys = "method=NAME, factor=NUMBER, threshold=NUMBER, weight-bits=2 to 8, weights=per-channel or per-tensor, float";

    /// <summary>Name of the threshold method, or <c>auto</c>, for what leaves the layer; null for that of all.</summary>
    public string? Method { get; init; }

    /// <summary>What the computed range of what leaves the layer is multiplied with, &gt; 0; null for 1.</summary>
    public double? Factor { get; init; }

    /// <summary>The largest magnitude that what leaves the layer shall hold, &gt; 0, whatever was observed; null for a computed range.</summary>
    public double? Threshold { get; init; }

    /// <summary>Bits of its weights, 2 to 8; null for those of the target.</summary>
    public int? WeightBits { get; init; }

    /// <summary>Whether its weights have a scale for each output channel; null for what the target does.</summary>
    public bool? PerChannelWeights { get; init; }

    /// <summary>Whether it stays float.</summary>
    public bool Float { get; init; }

    /// <summary>Whether it says anything about the range of what leaves the layer.</summary>
    public bool HasRange => Method is not null || Factor is not null || Threshold is not null;

    /// <summary>Reads the form that users write.</summary>
    /// <param name="text">A pattern, a colon, and one or more of <c>key=value</c> and <c>float</c> between blanks. A pattern may hold colons itself.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: it cannot be read.</exception>
    public static LayerSetting Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        string pattern = colon < 0 ? string.Empty : text[..colon].Trim();
        string[] words = colon < 0 ? [] : text[(colon + 1)..].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (pattern.Length == 0 || words.Length == 0)
        {
            throw Refused(text, $"write \"PATTERN: {Keys}\"");
        }

        var setting = words.Aggregate(new LayerSetting(pattern), (s, word) => s.With(word, text));
        bool contradicts = (setting.Float && setting != new LayerSetting(pattern) { Float = true }) || (setting.Threshold is not null && (setting.Method ?? (object?)setting.Factor) is not null);
        return contradicts ? throw Refused(text, "float leaves nothing to choose, nor does threshold a method or factor") : setting;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = new List<string>();
        void Add(string key, object? value)
        {
            if (value is not null)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{key}={value}"));
            }
        }

        Add("method", Method);
        Add("factor", Factor);
        Add("threshold", Threshold);
        Add("weight-bits", WeightBits);
        Add("weights", PerChannelWeights switch { true => "per-channel", false => "per-tensor", null => null });
        return $"{Pattern}: {string.Join(' ', Float ? ["float"] : parts)}";
    }

    private LayerSetting With(string word, string text)
    {
        string[] parts = word.Split('=', 2);
        string value = parts.Length > 1 ? parts[1] : string.Empty;
        return parts[0] switch
        {
            "method" or "th_strategy" when value.Length > 0 => this with { Method = value },
            "factor" or "th_scale" => this with { Factor = Positive(value, text, word) },
            "threshold" => this with { Threshold = Positive(value, text, word) },
            "weight-bits" or "bits" => this with { WeightBits = value is [>= '2' and <= '8' and var digit] ? digit - '0' : throw Refused(text, $"\"{word}\": give 2 to 8 bits") },
            "weights" when value is "per-channel" or "per-tensor" => this with { PerChannelWeights = value == "per-channel" },
            "float" or "forward_with_float" when value is "" or "true" or "false" => this with { Float = value != "false" },
            _ => throw Refused(text, $"\"{word}\" is none of {Keys}"),
        };
    }

    private static double Positive(string value, string text, string word)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && float.IsNormal((float)number)
            ? number
            : throw Refused(text, $"\"{word}\": give a number greater than 0");

    private static OctetException Refused(string text, string remedy) => new(ErrorCodes.InvalidUsage, $"the layer setting \"{text}\" cannot be read", remedy);
}
