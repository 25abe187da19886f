namespace Octet.Integers.Steps;

/// <summary>The greatest value under a window; padding counts for nothing. Input and output have one scale.</summary>
/// <param name="Name">The layer.</param>
/// <param name="X">Images × channels × height × width.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Window">The window.</param>
public sealed record MaxPoolStep(string Name, IntegerBuffer X, IntegerBuffer Y, Window Window) : IntegerStep(Name, [X], [Y])
{
    /// <summary>The input's shape.</summary>
    public Planes From { get; } = Planes.Of(X.Shape)!;

    /// <summary>The output's shape.</summary>
    public Planes To { get; } = Planes.Of(Y.Shape)!;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        int next = 0;
        for (int plane = 0; plane < To.Images * To.Channels; plane++)
        {
            for (int oy = 0; oy < To.Height; oy++)
            {
                for (int ox = 0; ox < To.Width; ox++)
                {
                    int most = sbyte.MinValue;
                    for (int ky = 0; ky < Window.Height; ky++)
                    {
                        int iy = (oy * Window.StrideY) - Window.Top + (ky * Window.DilationY);
                        for (int kx = 0; kx < Window.Width; kx++)
                        {
                            int ix = (ox * Window.StrideX) - Window.Left + (kx * Window.DilationX);
                            if ((uint)iy < (uint)From.Height && (uint)ix < (uint)From.Width)
                            {
                                most = Math.Max(most, x[(plane * From.Area) + (iy * From.Width) + ix]);
                            }
                        }
                    }

                    y[next++] = (sbyte)most;
                }
            }
        }
    }
}
