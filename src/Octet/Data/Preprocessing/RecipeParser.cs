using System.Collections.Immutable;
using System.Globalization;
using Octet.Data.Images;

namespace Octet.Data.Preprocessing;

/// <summary>Reads recipes of one line (the grammar stands at <see cref="Preprocess"/>) and reports all their problems at once.</summary>
internal static class RecipeParser
{
    private const int MaxSide = 65_535;

    private static readonly string[] Words =
        ["rgb", "bgr", "gray", "resize", "shorter", "crop", "fit", "scale", "mean", "std", "nchw", "nhwc"];

    private static readonly string[] Interpolations = [.. Enum.GetNames<Interpolation>().Select(n => n.ToLowerInvariant())];

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PreprocessInvalid"/>.</exception>
    internal static Preprocess Parse(string recipe)
    {
        string[] parts = recipe.Length == 0 ? [] : recipe.Split(',');
        var problems = new List<string>();
        var steps = new List<PreprocessStep>();
        foreach (string part in parts)
        {
            if (ParseStep(part.Trim(), problems) is { } step)
            {
                steps.Add(step);
            }
        }

        problems.AddRange(ProblemsOf(steps));
        return problems.Count == 0 ? new Preprocess(steps) : throw Error(recipe, problems);
    }

    internal static OctetException Error(string recipe, IReadOnlyList<string> problems)
        => new(ErrorCodes.PreprocessInvalid, $"preprocessing \"{recipe}\": {string.Join("; ", problems)}");

    /// <summary>Steps that stand where they cannot, or ask for too much.</summary>
    internal static IReadOnlyList<string> ProblemsOf(IReadOnlyList<PreprocessStep> steps)
    {
        var problems = new List<string>();
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i] is PreprocessStep.Resize { Width: { } w, Height: { } h } && (long)w * h > PictureFile.MaxResized)
            {
                problems.Add($"{steps[i]} asks for more than {PictureFile.MaxResized} pixels");
            }
            else if (steps[i] is PreprocessStep.Fit { Width: { } width, Height: { } height } && (long)width * height > PictureFile.MaxResized)
            {
                problems.Add($"{steps[i]} asks for more than {PictureFile.MaxResized} pixels");
            }
            else if (steps[i] is PreprocessStep.Color && i > 0)
            {
                problems.Add($"{steps[i]} must be the first step");
            }
            else if (steps[i] is PreprocessStep.Layout && i < steps.Count - 1)
            {
                problems.Add($"{steps[i]} must be the last step");
            }
        }

        return problems;
    }

    private static PreprocessStep? ParseStep(string text, List<string> problems)
    {
        int end = text.IndexOfAny(['=', ':']);
        string word = (end < 0 ? text : text[..end]).Trim().ToLowerInvariant();
        var rest = new Argument(text, end < 0 ? "" : text[end..].Trim(), problems);
        switch (word)
        {
            case "rgb" or "bgr" or "gray":
                return rest.Nothing() ? new PreprocessStep.Color(Enum.Parse<PixelOrder>(word, true)) : null;
            case "nchw" or "nhwc":
                return rest.Nothing() ? new PreprocessStep.Layout(Enum.Parse<PixelLayout>(word, true)) : null;
            case "resize":
                return rest.Size(Interpolation.Linear, out int? width, out int? height, out var by) ? new PreprocessStep.Resize(width, height, by) : null;
            case "fit":
                return rest.Size(Interpolation.Antialias, out width, out height, out by) ? new PreprocessStep.Fit(width, height, by) : null;
            case "crop":
                return rest.Size(null, out width, out height, out _) ? new PreprocessStep.Crop(width, height) : null;
            case "shorter":
                return rest.Side(out int side, out by) ? new PreprocessStep.Shorter(side, by) : null;
            case "scale":
                return rest.Numbers(false) is { } factors ? new PreprocessStep.Scale(factors) : null;
            case "mean":
                return rest.Numbers(false) is { } means ? new PreprocessStep.Mean(means) : null;
            case "std":
                return rest.Numbers(true) is { } deviations ? new PreprocessStep.Deviation(deviations) : null;
            default:
                problems.Add(Unknown(word));
                return null;
        }
    }

    private static string DidYouMean(string word, IEnumerable<string> known)
        => NameSuggestion.Nearest(word, known) is { Count: > 0 } near ? $"did you mean {string.Join(" or ", near.Select(n => $"\"{n}\""))}?" : "";

    private static string Unknown(string word)
    {
        if (word.Length == 0)
        {
            return "a step is empty";
        }

        return Preprocess.PresetNames.Contains(word, StringComparer.OrdinalIgnoreCase)
            ? $"the preset \"{word}\" stands alone, without other steps"
            : DidYouMean(word, Words.Concat(Preprocess.PresetNames)) is { Length: > 0 } question
                ? $"\"{word}\" is no step or preset; {question}"
                : $"\"{word}\" is no step or preset; steps are {string.Join(", ", Words)}, presets {string.Join(", ", Preprocess.PresetNames)}";
    }

    /// <summary>What follows the word of a step: empty, or starting with = or a colon.</summary>
    private readonly struct Argument(string step, string text, List<string> problems)
    {
        internal bool Nothing() => text.Length == 0 || Fail("takes no value");

        internal bool Size(Interpolation? byDefault, out int? width, out int? height, out Interpolation by)
        {
            width = height = null;
            by = byDefault ?? default;
            string size = text;
            if (byDefault is not null && !SplitInterpolation(ref size, byDefault.Value, out by))
            {
                return false;
            }

            if (size.Length == 0)
            {
                return true;
            }

            string[] sides = size[1..].Split('x', 'X');
            if (size[0] != '=' || sides.Length > 2 || !TrySide(sides[0], out int w) || !TrySide(sides[^1], out int h))
            {
                return Fail($"wants a size such as =224x224 (width x height, 1 to {MaxSide})");
            }

            (width, height) = (w, h);
            return true;
        }

        internal bool Side(out int side, out Interpolation by)
        {
            side = 0;
            string size = text;
            return SplitInterpolation(ref size, Interpolation.Linear, out by)
                && ((size.StartsWith('=') && TrySide(size[1..], out side)) || Fail($"wants a number of pixels such as =256 (1 to {MaxSide})"));
        }

        internal ImmutableArray<double>? Numbers(bool divides)
        {
            var values = ImmutableArray.CreateBuilder<double>();
            foreach (string part in text.StartsWith('=') ? text[1..].Split(':') : [""])
            {
                if (!TryNumber(part, out double value) || (divides && value == 0))
                {
                    Fail($"wants numbers such as =1/255 or =.485:.456:.406{(divides ? ", none of them 0" : "")}");
                    return null;
                }

                values.Add(value);
            }

            return values.ToImmutable();
        }

        private bool SplitInterpolation(ref string size, Interpolation byDefault, out Interpolation by)
        {
            by = byDefault;
            int colon = size.IndexOf(':');
            if (colon < 0)
            {
                return true;
            }

            string name = size[(colon + 1)..].Trim();
            size = size[..colon];
            if (Interpolations.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                by = Enum.Parse<Interpolation>(name, true);
                return true;
            }

            return Fail($"knows no interpolation \"{name}\" ({string.Join(", ", Interpolations)}) {DidYouMean(name, Interpolations)}".TrimEnd());
        }

        private static bool TrySide(string text, out int side)
            => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= MaxSide;

        private static bool TryNumber(string text, out double value)
        {
            int slash = text.IndexOf('/');
            bool valid = double.TryParse(slash < 0 ? text : text[..slash], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
            if (valid && slash >= 0)
            {
                valid = double.TryParse(text[(slash + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double divisor);
                value /= divisor;
            }

            return valid && double.IsFinite(value);
        }

        private bool Fail(string problem)
        {
            problems.Add($"\"{step}\" {problem}");
            return false;
        }
    }
}
