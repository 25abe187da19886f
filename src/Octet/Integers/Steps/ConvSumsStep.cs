using Octet.Numerics;

namespace Octet.Integers.Steps;

/// <summary>A convolution whose sums leave as they are, modulo 2³²: ONNX's ConvInteger.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Images × channels × height × width, integers as they are.</param>
/// <param name="ZeroPoint">Their zero point, one integer.</param>
/// <param name="Y">Likewise of 32-bit integers.</param>
/// <param name="Convolution">The sums; planar.</param>
public sealed record ConvSumsStep(string Name, IntegerBuffer X, IntegerBuffer ZeroPoint, IntegerBuffer Y, Convolution Convolution) : IntegerStep(Name, [X, ZeroPoint], [Y])
{
    /// <inheritdoc/>
    public override long MultiplyAccumulates => Convolution.MultiplyAccumulates;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        int zero = memory.Of(ZeroPoint)[0];
        var x = memory.Read(X);
        var to = Convolution.To;
        var y = new int[Y.Count];
        for (int image = 0; image < to.Images; image++)
        {
            for (int m = 0; m < to.Channels; m++)
            {
                for (int oy = 0; oy < to.Height; oy++)
                {
                    for (int ox = 0; ox < to.Width; ox++)
                    {
                        y[to.At(image, m, oy, ox)] = (int)Convolution.Sum(x, zero, image, m, oy, ox);
                    }
                }
            }
        }

        memory.Set(Y, Tensor.FromArray(y, Y.Shape));
    }
}
