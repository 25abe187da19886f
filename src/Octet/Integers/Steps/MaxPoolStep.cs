namespace Octet.Integers.Steps;

/// <summary>The greatest value under a window; padding counts for nothing. Input and output have one scale.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Images × channels × height × width.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Window">The window.</param>
public sealed record MaxPoolStep(string Name, IntegerBuffer X, IntegerBuffer Y, Window Window) : IntegerStep(Name, [X], [Y])
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
        var (from, to) = (From, To);
        for (int plane = 0; plane < to.Images * to.Channels; plane++)
        {
            var (image, channel) = Math.DivRem(plane, to.Channels);
            for (int oy = 0; oy < to.Height; oy++)
            {
                for (int ox = 0; ox < to.Width; ox++)
                {
                    int most = Y.Params!.Type.Min;
                    for (int ky = 0; ky < Window.Height; ky++)
                    {
                        int iy = (oy * Window.StrideY) - Window.Top + (ky * Window.DilationY);
                        for (int kx = 0; kx < Window.Width; kx++)
                        {
                            int ix = (ox * Window.StrideX) - Window.Left + (kx * Window.DilationX);
                            if ((uint)iy < (uint)from.Height && (uint)ix < (uint)from.Width)
                            {
                                most = Math.Max(most, x[from.At(image, channel, iy, ix)]);
                            }
                        }
                    }

                    y[to.At(image, channel, oy, ox)] = most;
                }
            }
        }

        memory.Write(Y, y);
    }
}
