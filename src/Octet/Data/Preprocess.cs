using System.Collections.Immutable;
using Octet.Data.Preprocessing;

namespace Octet.Data;

/// <summary>
/// What is done to a picture (or an array) before it enters the model: steps, done in order. Written as a recipe of one line, steps
/// separated by commas, or as the name of a preset:
/// <code>
/// rgb | bgr | gray                        order of the colours, first step only; by default what the model's channels ask for
/// resize[=WxH][:nearest|linear|cubic|antialias]    stretch (to the model's size where none is given; linear by default)
/// shorter=N[:interpolation]               shorter side to N pixels, in proportion
/// crop[=WxH | =N]                         the middle
/// fit[=WxH][:interpolation]               shorter side to 256/224 of the size, then crop; antialias by default; nothing if the size is right
/// scale=A[:B:C]   mean=A[:B:C]   std=A[:B:C]       multiply, subtract, divide; numbers may be fractions such as 1/255
/// nchw | nhwc                             order of the model's dimensions, last step only; by default what the model's shape tells
/// </code>
/// <see cref="ToString"/> gives the recipe in canonical form; parsed again it is equal.
/// </summary>
public sealed class Preprocess : IEquatable<Preprocess>
{
    private static readonly Dictionary<string, string> PresetRecipes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["imagenet"] = "rgb,fit:antialias,scale=1/255,mean=.485:.456:.406,std=.229:.224:.225",
        ["inception"] = "rgb,fit:antialias,mean=127.5,std=127.5",
        ["tf"] = "rgb,fit:antialias,mean=127.5,std=127.5",
        ["caffe"] = "bgr,fit:linear,mean=103.939:116.779:123.68",
        ["raw"] = "resize:linear",
        ["unit"] = "resize:linear,scale=1/255",
    };

    /// <summary>Makes a recipe of steps.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PreprocessInvalid"/>: a step stands where it cannot, or asks for too much.</exception>
    public Preprocess(params IEnumerable<PreprocessStep> steps)
    {
        Steps = [.. steps];
        var problems = RecipeParser.ProblemsOf(Steps);
        if (problems.Count > 0)
        {
            throw RecipeParser.Error(ToString(), problems);
        }
    }

    /// <summary>Names of the presets: recipes that many models share.</summary>
    public static IReadOnlyCollection<string> PresetNames => PresetRecipes.Keys;

    /// <summary>No step: pictures are decoded and enter as 0 to 255; arrays enter as they are.</summary>
    public static Preprocess None { get; } = new();

    /// <summary>The steps, in the order in which they are done.</summary>
    public ImmutableArray<PreprocessStep> Steps { get; }

    /// <summary>Whether any step changes values (and not only the size or the order of colours).</summary>
    public bool ChangesValues => Steps.Any(s => s is PreprocessStep.Scale or PreprocessStep.Mean or PreprocessStep.Deviation);

    /// <summary>Reads a recipe, the name of a preset, or a JSON file (a name that ends in .json) with an array of steps.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PreprocessInvalid"/>, with all problems and the nearest known words.</exception>
    public static Preprocess Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        return trimmed.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? RecipeFile.Read(trimmed)
            : ParseLine(trimmed);
    }

    internal static Preprocess ParseLine(string text) => RecipeParser.Parse(PresetRecipes.GetValueOrDefault(text, text));

    /// <inheritdoc/>
    public bool Equals(Preprocess? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Preprocess);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The recipe in one line, the same for equal recipes under any culture; empty without steps.</summary>
    public override string ToString() => string.Join(',', Steps.Select(s => s.ToString()));
}
