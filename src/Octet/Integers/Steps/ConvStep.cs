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

    /// <inheritdoc/>
    public override long MultiplyAccumulates => Window.IsSpread ? (long)From.Images * From.Area * Weights.Values.Length : Y.Shape.Count * Weights.Inner;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        var (from, to) = (From, To);
        int inChannels = from.Channels / Groups;
        int outChannels = to.Channels / Groups;
        int zero = X.Params!.ZeroPoint;
        var (tapStep, channelStep) = ChannelsLast ? (inChannels, 1) : (1, Window.Taps);
        for (int image = 0; image < to.Images; image++)
        {
            for (int m = 0; m < to.Channels; m++)
            {
                int firstChannel = m / outChannels * inChannels;
                var w = Weights.Row(m);
                int zeroW = Weights.ZeroPointOf(m);
                for (int oy = 0; oy < to.Height; oy++)
                {
                    for (int ox = 0; ox < to.Width; ox++)
                    {
                        int sum = Weights.BiasOf(m);
                        for (int ky = 0; ky < Window.Height; ky++)
                        {
                            var (iy, betweenY) = Math.DivRem((oy * Window.StrideY) - Window.Top + (ky * Window.DilationY), Window.SpreadY);
                            for (int kx = 0; kx < Window.Width; kx++)
                            {
                                var (ix, betweenX) = Math.DivRem((ox * Window.StrideX) - Window.Left + (kx * Window.DilationX), Window.SpreadX);
                                if (betweenY == 0 && betweenX == 0 && (uint)iy < (uint)from.Height && (uint)ix < (uint)from.Width)
                                {
                                    int at = from.At(image, firstChannel, iy, ix);
                                    int tap = ((ky * Window.Width) + kx) * tapStep;
                                    for (int c = 0; c < inChannels; c++)
                                    {
                                        sum += (x[at + (c * from.ChannelStep)] - zero) * (w[tap + (c * channelStep)] - zeroW);
                                    }
                                }
                            }
                        }

                        y[to.At(image, m, oy, ox)] = (sbyte)Requantize.Apply(sum, m);
                    }
                }
            }
        }
    }
}
