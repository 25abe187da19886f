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
    /// <summary>The input's shape.</summary>
    public Planes From { get; } = Planes.Of(X.Shape)!;

    /// <summary>The output's shape.</summary>
    public Planes To { get; } = Planes.Of(Y.Shape)!;

    /// <inheritdoc/>
    public override void Run(IntegerMemory memory)
    {
        var x = memory.Of(X);
        var y = memory.Of(Y);
        int zero = X.Params!.ZeroPoint;
        int next = 0;
        for (int plane = 0; plane < To.Images * To.Channels; plane++)
        {
            for (int oy = 0; oy < To.Height; oy++)
            {
                for (int ox = 0; ox < To.Width; ox++)
                {
                    int sum = 0;
                    int taps = 0;
                    for (int ky = 0; ky < Window.Height; ky++)
                    {
                        int iy = (oy * Window.StrideY) - Window.Top + (ky * Window.DilationY);
                        for (int kx = 0; kx < Window.Width; kx++)
                        {
                            int ix = (ox * Window.StrideX) - Window.Left + (kx * Window.DilationX);
                            if ((uint)iy < (uint)From.Height && (uint)ix < (uint)From.Width)
                            {
                                sum += x[(plane * From.Area) + (iy * From.Width) + ix] - zero;
                                taps++;
                            }
                        }
                    }

                    y[next++] = (sbyte)Requantize.Apply(sum, Math.Max(taps - 1, 0));
                }
            }
        }
    }
}
