using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>
/// Where the elements of buffers lie while a program runs: planar in its memory, channels-last here, or both. Kernels are prepared in the order in which they run; where one reads
/// what another wrote in the other form, a conversion goes between them. Addresses are valid as long as this object is.
/// </summary>
/// <param name="memory">The program's memory.</param>
/// <param name="lastUses">For each buffer that is given up when nothing reads it any more, the last step that does.</param>
internal sealed unsafe class Placement(IntegerMemory memory, IReadOnlyDictionary<IntegerBuffer, IntegerStep> lastUses)
{
    private readonly Dictionary<(IntegerBuffer Root, ChannelsLast Form), AlignedMemory<sbyte>> homes = [];
    private readonly Dictionary<IntegerBuffer, HashSet<ChannelsLast>> valid = [];
    private readonly HashSet<IntegerBuffer> lacksPlanar = [];
    // Kernels hold addresses, this the memory behind them.
    private readonly List<AlignedMemory<sbyte>> all = [];
    private readonly List<AlignedMemory<sbyte>> free = [];
    private readonly HashSet<IntegerBuffer> givenUp = [];
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

    /// <summary>Ends a step: what it was the last to read makes room for what comes.</summary>
    public void End(IntegerStep step)
    {
        foreach (var root in step.Inputs.Concat(step.Outputs).Select(b => b.Root).Distinct().Where(r => ReferenceEquals(lastUses.GetValueOrDefault(r), step)))
        {
            GiveUp(root);
        }
    }

    /// <summary>Gives up a buffer with elements of its own: what comes may lie where it lay.</summary>
    public void GiveUp(IntegerBuffer root)
    {
        if (lacksPlanar.Remove(root))
        {
            _ = givenUp.Add(root);
        }

        _ = valid.Remove(root);
        foreach (var key in homes.Keys.Where(k => k.Root == root).ToArray())
        {
            free.Add(homes[key]);
            _ = homes.Remove(key);
        }
    }

    /// <summary>Sees that a buffer's elements lie planar, too.</summary>
    public void NeedPlanar(IntegerBuffer buffer) => ReadPlanar(buffer);

    /// <summary>A conversion that makes the planar elements of a buffer; null where they are there.</summary>
    /// <exception cref="InvalidOperationException">They made room for others.</exception>
    public Kernel? MissingPlanar(IntegerBuffer buffer) => givenUp.Contains(buffer.Root)
        ? throw new InvalidOperationException($"{buffer.Name} made room for later ones; a session with {nameof(IntegerSessionOptions.KeepsAll)} keeps it.")
        : lacksPlanar.Contains(buffer.Root) ? PlanarFrom(buffer.Root) : null;

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
            home = free.Where(f => f.Length >= form.Length).MinBy(f => f.Length);
            if (home is null)
            {
                all.Add(home = new AlignedMemory<sbyte>(form.Length));
            }

            _ = free.Remove(home);
            homes.Add((buffer.Root, form), home);
        }

        return home;
    }
}
