namespace Octet.Integers;

/// <summary>The sums of a convolution: bias[m] + Σ (x − zero x)(w[m] − zero w[m]); padding counts as zero x, and so does what lies between the values of a spread plane.</summary>
/// <param name="From">The input's shape.</param>
/// <param name="To">The output's shape.</param>
/// <param name="Window">The kernel.</param>
/// <param name="Groups">Groups of channels that do not see each other.</param>
/// <param name="Weights">Channels × (channels of a group · taps); the channels of a tap together where those of a place are.</param>
public sealed record Convolution(Planes From, Planes To, Window Window, int Groups, IntegerWeights Weights)
{
    /// <summary>Multiply-accumulates of one run.</summary>
    public long MultiplyAccumulates => Window.IsSpread ? (long)From.Images * From.Area * Weights.Values.Length : (long)To.Images * To.Channels * To.Area * Weights.Inner;

    /// <summary>One sum.</summary>
    /// <param name="x">The input.</param>
    /// <param name="zero">Its zero point.</param>
    /// <param name="image">Which image.</param>
    /// <param name="m">Which output channel.</param>
    /// <param name="oy">Row of the output.</param>
    /// <param name="ox">Column of the output.</param>
    public long Sum(ReadOnlySpan<int> x, int zero, int image, int m, int oy, int ox)
    {
        int inChannels = From.Channels / Groups;
        int firstChannel = m / (To.Channels / Groups) * inChannels;
        var (tapStep, channelStep) = From.ChannelsLast ? (inChannels, 1) : (1, Window.Taps);
        var w = Weights.Row(m);
        int zeroW = Weights.ZeroPointOf(m);
        long sum = Weights.BiasOf(m);
        for (int ky = 0; ky < Window.Height; ky++)
        {
            var (iy, betweenY) = Math.DivRem((oy * Window.StrideY) - Window.Top + (ky * Window.DilationY), Window.SpreadY);
            for (int kx = 0; kx < Window.Width; kx++)
            {
                var (ix, betweenX) = Math.DivRem((ox * Window.StrideX) - Window.Left + (kx * Window.DilationX), Window.SpreadX);
                if (betweenY == 0 && betweenX == 0 && (uint)iy < (uint)From.Height && (uint)ix < (uint)From.Width)
                {
                    int at = From.At(image, firstChannel, iy, ix);
                    int tap = ((ky * Window.Width) + kx) * tapStep;
                    for (int c = 0; c < inChannels; c++)
                    {
                        sum += (long)(x[at + (c * From.ChannelStep)] - zero) * (w[tap + (c * channelStep)] - zeroW);
                    }
                }
            }
        }

        return sum;
    }
}
