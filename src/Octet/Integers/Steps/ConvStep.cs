using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>
/// A convolution of one or two dimensions: y[m] = requantize(bias[m] + Σ (x − zero x)(w[m] − zero w[m])); padding counts as zero x, and so does what lies between the values of a spread plane.
/// </summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Quantized, images × channels × height × width.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Window">The kernel.</param>
/// <param name="Groups">Groups of channels that do not see each other.</param>
/// <param name="Weights">What the sums are formed with; channels × (channels of a group · taps).</param>
/// <param name="Requantize">What becomes of a sum.</param>
public sealed record ConvStep(string Name, IntegerBuffer X, IntegerBuffer Y, Window Window, int Groups, IntegerWeights Weights, Requantize Requantize)
    : IntegerStep(Name, [X], [Y])
{
    /// <summary>Whether the channels of a place lie together in both tensors, and those of a tap in the weights.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The input's shape.</summary>
    public Planes From => Planes.Of(X.Shape, ChannelsLast)!;

    /// <summary>The output's shape.</summary>
    public Planes To => Planes.Of(Y.Shape, ChannelsLast)!;

    /// <summary>What the sums are.</summary>
    public Convolution Convolution => new(From, To, Window, Groups, Weights);

    /// <inheritdoc/>
    public override long MultiplyAccumulates => Convolution.MultiplyAccumulates;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Read(X);
        var y = new int[Y.Count];
        var convolution = Convolution;
        var to = convolution.To;
        int zero = X.Params!.ZeroPoint;
        for (int image = 0; image < to.Images; image++)
        {
            for (int m = 0; m < to.Channels; m++)
            {
                for (int oy = 0; oy < to.Height; oy++)
                {
                    for (int ox = 0; ox < to.Width; ox++)
                    {
                        y[to.At(image, m, oy, ox)] = Requantize.Apply(convolution.Sum(x, zero, image, m, oy, ox), m);
                    }
                }
            }
        }

        memory.Write(Y, y);
    }
}
