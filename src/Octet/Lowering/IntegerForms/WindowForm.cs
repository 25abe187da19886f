using System.Collections.Immutable;
using Octet.Graphs;
using Octet.Integers;

namespace Octet.Lowering.IntegerForms;

/// <summary>Reads the windows of convolutions and pools.</summary>
internal static class WindowForm
{
    /// <summary>The window of a node over planes of one or two dimensions.</summary>
    /// <param name="node">Conv or a pool, or ConvTranspose with what it gives and reads exchanged.</param>
    /// <param name="kernel">Taps along each dimension.</param>
    /// <param name="from">What it reads.</param>
    /// <param name="to">What it gives.</param>
    public static Window Of(Node node, ImmutableArray<long> kernel, Planes from, Planes to)
    {
        int at = 2 - kernel.Length;
        int[] size = Two(kernel, 1);
        int[] stride = Two(node.GetInts("strides"), 1);
        int[] dilation = Two(node.GetInts("dilations"), 1);
        var pads = node.GetInts("pads");
        int[] before = Two(pads.IsEmpty ? pads : pads[..kernel.Length], 0);

        // A ConvTranspose may give the shape of its output instead of pads; they are then those of SAME_LOWER, if it does not say otherwise.
        string auto = node.GetText("auto_pad", "NOTSET") is not "NOTSET" and var given ? given : node.GetInts("output_shape").IsEmpty ? "NOTSET" : "SAME_LOWER";
        if (auto.StartsWith("SAME", StringComparison.Ordinal))
        {
            int[] inside = [from.Height, from.Width];
            int[] outside = [to.Height, to.Width];
            int[] more = Two(node.GetInts("output_padding"), 0);
            for (int d = at; d < 2; d++)
            {
                int all = Math.Max(((outside[d] - 1) * stride[d]) + more[d] + ((size[d] - 1) * dilation[d]) + 1 - inside[d], 0);
                before[d] = auto == "SAME_UPPER" ? all / 2 : (all + 1) / 2;
            }
        }

        return new Window(size[0], size[1], stride[0], stride[1], before[0], before[1], dilation[0], dilation[1]);

        // A row is a plane of height 1.
        int[] Two(ImmutableArray<long> given, int fallback)
            => given.IsEmpty ? [fallback, fallback] : given.Length == 1 ? [fallback, (int)given[0]] : [(int)given[0], (int)given[1]];
    }
}
