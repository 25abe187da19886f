using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>A convolution of one or two dimensions: y[m] = requantize(bias[m] + Σ (x − zero x)(w[m] − zero w[m])); padding counts as zero x.</summary>
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
    /// <summary>The input's shape.</summary>
    public Planes From { get; } = Planes.Of(X.Shape)!;

    /// <summary>The output's shape.</summary>
    public Planes To { get; } = Planes.Of(Y.Shape)!;

    /// <inheritdoc/>
    public override long MultiplyAccumulates => Y.Shape.Count * Weights.Inner;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        int inChannels = From.Channels / Groups;
        int outChannels = To.Channels / Groups;
        int zero = X.Params!.ZeroPoint;
        int next = 0;
        for (int image = 0; image < To.Images; image++)
        {
            for (int m = 0; m < To.Channels; m++)
            {
                int firstChannel = (image * From.Channels) + (m / outChannels * inChannels);
                var w = Weights.Row(m);
                int zeroW = Weights.ZeroPointOf(m);
                for (int oy = 0; oy < To.Height; oy++)
                {
                    for (int ox = 0; ox < To.Width; ox++)
                    {
                        int sum = Weights.BiasOf(m);
                        int at = 0;
                        for (int c = 0; c < inChannels; c++)
                        {
                            for (int ky = 0; ky < Window.Height; ky++)
                            {
                                int iy = (oy * Window.StrideY) - Window.Top + (ky * Window.DilationY);
                                for (int kx = 0; kx < Window.Width; kx++, at++)
                                {
                                    int ix = (ox * Window.StrideX) - Window.Left + (kx * Window.DilationX);
                                    if ((uint)iy < (uint)From.Height && (uint)ix < (uint)From.Width)
                                    {
                                        sum += (x[((((firstChannel + c) * From.Height) + iy) * From.Width) + ix] - zero) * (w[at] - zeroW);
                                    }
                                }
                            }
                        }

                        y[next++] = (sbyte)Requantize.Apply(sum, m);
                    }
                }
            }
        }
    }
}
