using Octet.Numerics.Rescaling;

namespace Octet.Integers.Steps;

/// <summary>The mean under a window: requantize(Σ (x − zero x)), where the factor has the division in it.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Images × channels × height × width.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Window">The window.</param>
/// <param name="Requantize">One factor where padding counts; else one for every number of taps that lie on the plane, from 1.</param>
public sealed record AveragePoolStep(string Name, IntegerBuffer X, IntegerBuffer Y, Window Window, Requantize Requantize) : IntegerStep(Name, [X], [Y])
{
    /// <summary>Whether the channels of a place lie together in both tensors.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The input's shape.</summary>
    public Planes From => Planes.Of(X.Shape, ChannelsLast)!;

    /// <summary>The output's shape.</summary>
    public Planes To => Planes.Of(Y.Shape, ChannelsLast)!;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Read(X);
        var y = new int[Y.Count];
        int zero = X.Params!.ZeroPoint;
        var (from, to) = (From, To);
        for (int plane = 0; plane < to.Images * to.Channels; plane++)
        {
            var (image, channel) = Math.DivRem(plane, to.Channels);
            for (int oy = 0; oy < to.Height; oy++)
            {
                for (int ox = 0; ox < to.Width; ox++)
                {
                    long sum = 0;
                    int taps = 0;
                    for (int ky = 0; ky < Window.Height; ky++)
                    {
                        int iy = (oy * Window.StrideY) - Window.Top + (ky * Window.DilationY);
                        for (int kx = 0; kx < Window.Width; kx++)
                        {
                            int ix = (ox * Window.StrideX) - Window.Left + (kx * Window.DilationX);
                            if ((uint)iy < (uint)from.Height && (uint)ix < (uint)from.Width)
                            {
                                sum += x[from.At(image, channel, iy, ix)] - zero;
                                taps++;
                            }
                        }
                    }

                    y[to.At(image, channel, oy, ox)] = Requantize.Apply(sum, Math.Max(taps - 1, 0));
                }
            }
        }

        memory.Write(Y, y);
    }
}
