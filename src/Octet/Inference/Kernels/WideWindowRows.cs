using System.Runtime.CompilerServices;
using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>The values under a kernel, tap after tap, the channels of a group together. They are taken from a copy of the input with its padding, group after group, channels last.</summary>
internal sealed unsafe class WideWindowRows : WideRows
{
    private const long MostShorts = 1 << 28;

    private readonly sbyte* x;
    private readonly bool isWide;
    private readonly Planes from;
    private readonly Planes output;
    private readonly Window window;
    private readonly int groups;
    private readonly int channels;
    private readonly int height;
    private readonly int width;
    private readonly AlignedMemory<short> padded;

    /// <summary>Prepares the rows of a convolution.</summary>
    /// <param name="step">The convolution, over planes; nothing between their values, and nothing cut off in front.</param>
    /// <param name="x">Its input.</param>
    public WideWindowRows(ConvStep step, sbyte* x)
    {
        this.x = x;
        isWide = step.X.IsWide;
        from = step.From;
        output = step.To;
        window = step.Window;
        groups = step.Groups;
        channels = from.Channels / groups;
        (height, width) = SizeOf(step);
        padded = new AlignedMemory<short>(checked(from.Images * from.Channels * height * width));
        padded.Span.Fill((short)step.X.Params!.ZeroPoint);
    }

    /// <summary>Whether the copy is not too large; its padding may be larger than the input.</summary>
    public static bool Fits(ConvStep step)
    {
        var (height, width) = SizeOf(step);
        return (long)height * width <= MostShorts / ((long)step.From.Images * step.From.Channels);
    }

    /// <inheritdoc/>
    public override int Depth => window.Taps * channels;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Begin()
    {
        for (int plane = 0; plane < from.Images * from.Channels; plane++)
        {
            var (group, channel) = (plane / channels, plane % channels);
            for (int row = 0; row < from.Height; row++)
            {
                long at = ((long)plane * from.Area) + (row * from.Width);
                short* to = padded.Start + (((((long)group * height) + window.Top + row) * width) + window.Left) * channels + channel;
                for (int column = 0; column < from.Width; column++, to += channels)
                {
                    *to = isWide ? ((short*)x)[at + column] : x[at + column];
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Stage(int group, int first, int count, short* to)
    {
        // Taps of a row of the kernel lie together where none is left out.
        int parts = window.DilationX == 1 ? 1 : window.Width;
        int part = window.DilationX == 1 ? window.Width * channels : channels;
        for (int pixel = first; pixel < first + count; pixel++)
        {
            var (image, place) = (pixel / output.Area, pixel % output.Area);
            var (oy, ox) = (place / output.Width, place % output.Width);
            short* row = to;
            for (int ky = 0; ky < window.Height; ky++)
            {
                short* at = padded.Start + (((((long)((image * groups) + group) * height) + (oy * window.StrideY) + (ky * window.DilationY)) * width) + (ox * window.StrideX)) * channels;
                for (int p = 0; p < parts; p++, at += window.DilationX * channels, row += part)
                {
                    Copy(at, part, row);
                }
            }

            to += Length;
        }
    }

    private static (int Height, int Width) SizeOf(ConvStep step)
    {
        var window = step.Window;
        return (
            Math.Max(window.Top + step.From.Height, ((step.To.Height - 1) * window.StrideY) + ((window.Height - 1) * window.DilationY) + 1),
            Math.Max(window.Left + step.From.Width, ((step.To.Width - 1) * window.StrideX) + ((window.Width - 1) * window.DilationX) + 1));
    }
}
