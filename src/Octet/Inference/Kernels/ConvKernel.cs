using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Convolutions as products. Groups are formed with weights of 0, which is exact.</summary>
internal static unsafe class ConvKernel
{
    // Inputs of fewer channels are read as planes: filled up to whole vectors they would mostly be filling.
    private const int FewChannels = 8;

    // Weights that groups may be widened to.
    private const long MostWeights = 1 << 25;

    /// <summary>Prepares a step.</summary>
    /// <returns>False where it has no such form.</returns>
    public static bool TryAdd<T, TVector>(ConvStep step, Placement placement)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        int channels = step.From.Channels / step.Groups;
        int outputs = step.To.Channels / step.Groups;
        int taps = step.Window.Taps;
        if (!Fits(step.Convolution))
        {
            return false;
        }

        ProductRows rows;
        PackedWeights weights;
        if (step.From.Channels < FewChannels && !placement.IsChannelsLast(step.X))
        {
            rows = new PlanarRows(step.Convolution, step.X.Params!.ZeroPoint, placement.ReadPlanar(step.X));
            weights = PackedWeights.Planar(step.Convolution, T.Count);
        }
        else
        {
            sbyte* x = placement.ReadChannelsLast(step.X);
            rows = IsPointwise(step) ? new PointwiseRows<T, TVector>(x, new ChannelsLast(step.From).Stride, step.X.Params!.ZeroPoint) : new WindowRows<T, TVector>(step, x);
            int even = (step.From.Channels + 1) / 2 * 2;
            weights = PackedWeights.Of(step.Weights, even * taps, (n, k) => k % even < step.From.Channels ? At(n, k % even, k / even) : -1, T.Count);
        }

        var form = new ChannelsLast(step.To);
        placement.Add(new ProductKernel<T, TVector>(
            rows, form.Pixels, weights, Requantizer.Of<T, TVector>(step.Requantize, form.Stride), placement.WriteChannelsLast(step.Y), form.Stride));
        return true;

        int At(int output, int channel, int tap) => channel / channels == output / outputs ? (channel % channels * taps) + tap : -1;
    }

    /// <summary>Whether the weights are not too many, with those of 0 between groups.</summary>
    public static bool Fits(Convolution convolution) => (long)convolution.From.Channels * convolution.Window.Taps * convolution.To.Channels <= MostWeights;

    private static bool IsPointwise(ConvStep step) => step.Window is { Taps: 1, StrideY: 1, StrideX: 1, Top: 0, Left: 0 } && step.From.Area == step.To.Area;
}
