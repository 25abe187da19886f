using System.Collections.Immutable;
using System.Globalization;
using Octet.Data.Images;

namespace Octet.Data;

/// <summary>One step of a <see cref="Preprocess"/>. <see cref="object.ToString"/> gives it as it is written in a recipe.</summary>
public abstract record PreprocessStep
{
    private protected PreprocessStep()
    {
    }

    private static string Text(IEnumerable<double> values) => string.Join(':', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private static string Size(int? width, int? height) => width is null ? "" : string.Create(CultureInfo.InvariantCulture, $"={width}x{height}");

    private static string By(Interpolation interpolation) => $":{interpolation.ToString().ToLowerInvariant()}";

    /// <summary>The order of the colours; gray is 0.299 R + 0.587 G + 0.114 B. Only as the first step.</summary>
    public sealed record Color(PixelOrder Order) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => Order.ToString().ToLowerInvariant();
    }

    /// <summary>Stretches to Width×Height pixels; null: to the size of the model's input.</summary>
    public sealed record Resize(int? Width, int? Height, Interpolation Interpolation) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => $"resize{Size(Width, Height)}{By(Interpolation)}";
    }

    /// <summary>Resizes so that the shorter side has so many pixels (the longer one in proportion, rounded down as torchvision does).</summary>
    public sealed record Shorter(int Length, Interpolation Interpolation) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"shorter={Length}{By(Interpolation)}");
    }

    /// <summary>Takes the middle Width×Height pixels; null: the size of the model's input. Odd remainders leave the larger margin right and below.</summary>
    public sealed record Crop(int? Width, int? Height) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => $"crop{Size(Width, Height)}";
    }

    /// <summary>
    /// What classifiers are evaluated with: the shorter side to 256/224 of the target's, then the middle of the target's size. A picture
    /// that has exactly the target's size already is left alone, since somebody has done this before. Null: the size of the model's input.
    /// </summary>
    public sealed record Fit(int? Width, int? Height, Interpolation Interpolation) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => $"fit{Size(Width, Height)}{By(Interpolation)}";
    }

    /// <summary>Multiplies: one factor, or one a channel.</summary>
    public sealed record Scale(ImmutableArray<double> Factors) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => $"scale={Text(Factors)}";
    }

    /// <summary>Subtracts: one value, or one a channel.</summary>
    public sealed record Mean(ImmutableArray<double> Values) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => $"mean={Text(Values)}";
    }

    /// <summary>Divides: by one value, or one a channel; none is 0.</summary>
    public sealed record Deviation(ImmutableArray<double> Values) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => $"std={Text(Values)}";
    }

    /// <summary>The order of the model's dimensions, where its shape does not tell. Only as the last step.</summary>
    public sealed record Layout(PixelLayout Order) : PreprocessStep
    {
        /// <inheritdoc/>
        public override string ToString() => Order.ToString().ToLowerInvariant();
    }
}
