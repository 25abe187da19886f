using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>
/// Where the elements of buffers lie while a program runs: planar in its memory, channels-last here, or both. Kernels are prepared in the order in which they run; where one reads
/// what another wrote in the other form, a conversion goes between them. Addresses are valid as long as this object is.
/// </summary>
internal sealed unsafe class Placement(IntegerMemory memory)
{
    private readonly Dictionary<(IntegerBuffer Root, ChannelsLast Form), AlignedMemory<sbyte>> homes = [];
    private readonly Dictionary<IntegerBuffer, HashSet<ChannelsLast>> valid = [];
    private readonly HashSet<IntegerBuffer> lacksPlanar = [];
    private readonly List<Kernel> kernels = [];

    /// <summary>What runs, in order.</summary>
    public IReadOnlyList<Kernel> Kernels => kernels;

    /// <summary>The program's memory.</summary>
    public IntegerMemory Memory { get; } = memory;

    /// <summary>Takes a kernel.</summary>
    public void Add(Kernel kernel) => kernels.Add(kernel);

    /// <summary>The channels-last form of a buffer; null for one that is not of images.</summary>
    public static ChannelsLast? FormOf(IntegerBuffer buffer) => Planes.Of(buffer.Shape) is { } planes ? new ChannelsLast(planes) : null;

    /// <summary>Whether a buffer's elements lie channels-last when the next kernel runs.</summary>
    public bool IsChannelsLast(IntegerBuffer buffer) => FormOf(buffer) is { } form && valid.TryGetValue(buffer.Root, out var forms) && forms.Contains(form);

    /// <summary>The planar elements of a buffer, for a kernel that reads them.</summary>
    public sbyte* ReadPlanar(IntegerBuffer buffer)
    {
        if (lacksPlanar.Remove(buffer.Root))
        {
            kernels.Add(PlanarFrom(buffer.Root));
        }

        return PlanarOf(buffer);
    }

    /// <summary>Takes a step's own code.</summary>
    public void AddScalar(IntegerStep step)
    {
        foreach (var input in step.Inputs.Where(b => b.Params is not null))
        {
            NeedPlanar(input);
        }

        kernels.Add(new StepKernel(step, Memory));
        foreach (var output in step.Outputs.Where(b => b.Params is not null))
        {
            _ = WritePlanar(output);
        }
    }

    /// <summary>Sees that a buffer's elements lie planar, too.</summary>
    public void NeedPlanar(IntegerBuffer buffer) => ReadPlanar(buffer);

    /// <summary>A conversion that makes the planar elements of a buffer; null where they are there.</summary>
    public Kernel? MissingPlanar(IntegerBuffer buffer) => lacksPlanar.Contains(buffer.Root) ? PlanarFrom(buffer.Root) : null;

    /// <summary>The planar elements of a buffer, for a kernel that writes them.</summary>
    public sbyte* WritePlanar(IntegerBuffer buffer)
    {
        _ = lacksPlanar.Remove(buffer.Root);
        _ = valid.Remove(buffer.Root);
        return PlanarOf(buffer);
    }

    /// <summary>The channels-last elements of a buffer, for a kernel that reads them.</summary>
    public sbyte* ReadChannelsLast(IntegerBuffer buffer)
    {
        var form = FormOf(buffer)!;
        var home = HomeOf(buffer, form);
        if (!IsChannelsLast(buffer))
        {
            kernels.Add(new ToChannelsLast(form, ReadPlanar(buffer), home.Start));
            _ = Valid(buffer).Add(form);
        }

        return home.Start;
    }

    /// <summary>The channels-last elements of a buffer, for a kernel that writes them.</summary>
    public sbyte* WriteChannelsLast(IntegerBuffer buffer)
    {
        var form = FormOf(buffer)!;
        _ = lacksPlanar.Add(buffer.Root);
        valid[buffer.Root] = [form];
        return HomeOf(buffer, form).Start;
    }

    /// <summary>The planar elements of a quantized buffer: their array is pinned.</summary>
    public sbyte* PlanarOf(IntegerBuffer buffer) => (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Memory.Of(buffer)));

    private ToPlanar PlanarFrom(IntegerBuffer root)
    {
        var form = valid[root].First();
        return new ToPlanar(form, homes[(root, form)].Start, PlanarOf(root));
    }

    private HashSet<ChannelsLast> Valid(IntegerBuffer buffer)
    {
        if (!valid.TryGetValue(buffer.Root, out var forms))
        {
            valid.Add(buffer.Root, forms = []);
        }

        return forms;
    }

    private AlignedMemory<sbyte> HomeOf(IntegerBuffer buffer, ChannelsLast form)
    {
        if (!homes.TryGetValue((buffer.Root, form), out var home))
        {
            homes.Add((buffer.Root, form), home = new AlignedMemory<sbyte>(form.Length));
        }

        return home;
    }
}
