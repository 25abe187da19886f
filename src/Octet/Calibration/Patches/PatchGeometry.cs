using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Calibration.Patches;

/// <summary>
/// How a layer with weights reads its input: as rows that are multiplied with the rows of a weight matrix. A convolution's row
/// (im2col) is ordered by group, then kernel position, then channel, as channel-last integer kernels pack it, so that neighbours in
/// a row are neighbours in the kernel's 16-bit pair sums.
/// </summary>
public abstract record PatchGeometry
{
    private PatchGeometry()
    {
    }

    /// <summary>Groups that a row falls into; weights of one group see only its part of the row.</summary>
    public virtual int Groups => 1;

    /// <summary>Number of rows that an input holds.</summary>
    /// <param name="shape">The input's shape.</param>
    public abstract int PositionCount(Shape shape);

    /// <summary>Length of a row, all groups together.</summary>
    /// <param name="shape">The input's shape.</param>
    public abstract int RowLength(Shape shape);

    /// <summary>Copies the row at a position.</summary>
    /// <param name="input">The input's values.</param>
    /// <param name="shape">The input's shape.</param>
    /// <param name="position">0 to <see cref="PositionCount"/> − 1, in the order of the outputs.</param>
    /// <param name="row">Takes <see cref="RowLength"/> values; padding is 0.</param>
    public abstract void Gather(ReadOnlySpan<float> input, Shape shape, int position, Span<float> row);

    /// <summary>The geometry of a Conv, Gemm or MatMul with constant weights; null for other nodes.</summary>
    public static PatchGeometry? Of(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Is("Gemm") || node.Is("MatMul"))
        {
            return new Rows();
        }

        if (!node.Is("Conv") || node.Input(1)?.Constant is not { } weights)
        {
            return null;
        }

        int rank = weights.Shape.Rank - 2;
        ImmutableArray<int> Ints(string name, int fallback, int count)
            => node.GetInts(name) is { Length: > 0 } given ? [.. given.Select(v => (int)v)] : [.. Enumerable.Repeat(fallback, count)];
        return new Convolution(
            [.. weights.Shape.Dimensions.Skip(2).Select(d => (int)d)],
            Ints("strides", 1, rank),
            Ints("dilations", 1, rank),
            Ints("pads", 0, 2 * rank),
            node.GetText("auto_pad", "NOTSET"),
            (int)node.GetInt("group", 1));
    }

    /// <summary>Whether another reads alike: records compare their arrays by identity.</summary>
    internal bool IsLike(PatchGeometry other) => (this, other) switch
    {
        (Convolution a, Convolution b) => a.AutoPad == b.AutoPad && a.GroupCount == b.GroupCount
            && a.Kernel.SequenceEqual(b.Kernel) && a.Strides.SequenceEqual(b.Strides) && a.Dilations.SequenceEqual(b.Dilations) && a.Pads.SequenceEqual(b.Pads),
        _ => Equals(other),
    };

    /// <summary>The last axis is the row.</summary>
    public sealed record Rows : PatchGeometry
    {
        /// <inheritdoc/>
        public override int PositionCount(Shape shape) => shape.Count == 0 ? 0 : (int)(shape.Count / shape[-1]);

        /// <inheritdoc/>
        public override int RowLength(Shape shape) => (int)shape[-1];

        /// <inheritdoc/>
        public override void Gather(ReadOnlySpan<float> input, Shape shape, int position, Span<float> row)
            => input.Slice(position * row.Length, row.Length).CopyTo(row);
    }

    /// <summary>The windows of a convolution over [N, C, spatial…], of any number of spatial axes.</summary>
    /// <param name="Kernel">Size along each spatial axis.</param>
    /// <param name="Strides">Steps between outputs.</param>
    /// <param name="Dilations">Steps between kernel positions.</param>
    /// <param name="Pads">Padding at the begin of each axis, then at the end of each.</param>
    /// <param name="AutoPad">ONNX's <c>auto_pad</c>; where it is not <c>NOTSET</c> it takes the place of <paramref name="Pads"/>.</param>
    /// <param name="GroupCount">Groups of channels.</param>
    public sealed record Convolution(
        ImmutableArray<int> Kernel, ImmutableArray<int> Strides, ImmutableArray<int> Dilations, ImmutableArray<int> Pads, string AutoPad, int GroupCount)
        : PatchGeometry
    {
        /// <inheritdoc/>
        public override int Groups => GroupCount;

        private int KernelSize => Kernel.Aggregate(1, (product, k) => product * k);

        /// <inheritdoc/>
        public override int PositionCount(Shape shape)
        {
            long count = shape[0];
            for (int axis = 0; axis < Kernel.Length; axis++)
            {
                count *= OutputSize(shape, axis);
            }

            return checked((int)count);
        }

        /// <inheritdoc/>
        public override int RowLength(Shape shape) => checked((int)shape[1] * KernelSize);

        /// <inheritdoc/>
        public override void Gather(ReadOnlySpan<float> input, Shape shape, int position, Span<float> row)
        {
            int axes = Kernel.Length;
            Span<int> origin = stackalloc int[axes];
            int rest = position;
            int plane = 1;
            for (int axis = axes - 1; axis >= 0; axis--)
            {
                int size = OutputSize(shape, axis);
                origin[axis] = (rest % size * Strides[axis]) - PadBefore(shape, axis);
                rest /= size;
                plane *= (int)shape[axis + 2];
            }

            int channels = (int)shape[1];
            int perGroup = channels / GroupCount;
            int kernelSize = KernelSize;
            var image = input.Slice(rest * channels * plane, channels * plane);
            for (int k = 0; k < kernelSize; k++)
            {
                int offset = OffsetOf(k, origin, shape);
                for (int g = 0; g < GroupCount; g++)
                {
                    var target = row.Slice(((g * kernelSize) + k) * perGroup, perGroup);
                    if (offset < 0)
                    {
                        target.Clear();
                        continue;
                    }

                    for (int c = 0; c < perGroup; c++)
                    {
                        target[c] = image[(((g * perGroup) + c) * plane) + offset];
                    }
                }
            }
        }

        // Where kernel position k lies in a channel's plane; −1 in the padding.
        private int OffsetOf(int k, ReadOnlySpan<int> origin, Shape shape)
        {
            int offset = 0;
            int stride = 1;
            for (int axis = Kernel.Length - 1; axis >= 0; axis--)
            {
                int coordinate = origin[axis] + (k % Kernel[axis] * Dilations[axis]);
                int size = (int)shape[axis + 2];
                if ((uint)coordinate >= (uint)size)
                {
                    return -1;
                }

                k /= Kernel[axis];
                offset += coordinate * stride;
                stride *= size;
            }

            return offset;
        }

        private int Reach(int axis) => ((Kernel[axis] - 1) * Dilations[axis]) + 1;

        private int OutputSize(Shape shape, int axis)
        {
            int size = (int)shape[axis + 2];
            return AutoPad switch
            {
                "SAME_UPPER" or "SAME_LOWER" => (size + Strides[axis] - 1) / Strides[axis],
                "VALID" => ((size - Reach(axis)) / Strides[axis]) + 1,
                _ => ((size + Pads[axis] + Pads[axis + Kernel.Length] - Reach(axis)) / Strides[axis]) + 1,
            };
        }

        private int PadBefore(Shape shape, int axis)
        {
            int total = Math.Max(0, ((OutputSize(shape, axis) - 1) * Strides[axis]) + Reach(axis) - (int)shape[axis + 2]);
            return AutoPad switch
            {
                "SAME_UPPER" => total / 2,
                "SAME_LOWER" => total - (total / 2),
                "VALID" => 0,
                _ => Pads[axis],
            };
        }
    }
}
