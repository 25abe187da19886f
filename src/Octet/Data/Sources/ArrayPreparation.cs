using Octet.Data.Arrays;
using Octet.Data.Preprocessing;
using Octet.Numerics;

namespace Octet.Data.Sources;

/// <summary>What is done to arrays on their way into one input: the recipe where there is one, then shape and type.</summary>
internal sealed class ArrayPreparation
{
    private readonly InputSpec spec;
    private readonly PicturePipeline? pipeline;

    internal ArrayPreparation(InputSpec spec, Preprocess? recipe)
    {
        this.spec = spec;
        pipeline = recipe is null || recipe.Steps.IsEmpty ? null : PicturePipeline.For(recipe, spec);
        bool recolours = recipe?.Steps.FirstOrDefault() is PreprocessStep.Color { Order: PixelOrder.Bgr or PixelOrder.Gray };
        if (recolours)
        {
            throw new OctetException(ErrorCodes.PreprocessInvalid, $"the colours of arrays (input \"{spec.Name}\") are not changed, but preprocessing says \"{recipe!.Steps[0]}\"", "leave this step out, or give pictures");
        }
    }

    /// <summary>What tells one treatment from another in the fingerprint.</summary>
    internal string Treatment => pipeline?.Recipe ?? "as it is";

    /// <summary>Whether an array is all that a run takes, batch included.</summary>
    internal bool IsWholeRun(Shape shape)
        => pipeline is null && shape.Rank == spec.Dimensions.Count && shape.Rank > 0
            && spec.Dimensions.Zip(shape.Dimensions, (wanted, given) => wanted is null || wanted == given).All(fits => fits);

    /// <summary>Prepares one item.</summary>
    /// <exception cref="OctetException">It does not fit the input.</exception>
    internal Tensor Prepare(Tensor values, string place)
    {
        if (pipeline is null)
        {
            return ValueConversion.To(ShapeFit.Fit(values, spec, place), spec, place);
        }

        var row = values.Shape.Rank == 4 && values.Shape[0] == 1 ? values.Reshape(new Shape(values.Shape.Dimensions.AsSpan()[1..])) : values;
        var raster = pipeline.RasterOf(row)
            ?? throw new OctetException(ErrorCodes.SampleShape, $"{place} gives values {values.Shape}, which preprocessing cannot take as a picture", "give arrays of rows and columns, with or without channels, or no preprocessing");
        return pipeline.Run(raster, place);
    }
}
