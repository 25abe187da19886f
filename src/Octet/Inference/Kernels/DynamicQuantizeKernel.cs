using Octet.Integers;
using Octet.Integers.Steps;

namespace Octet.Inference.Kernels;

/// <summary>Floats become integers whose scale they tell themselves.</summary>
internal sealed unsafe class DynamicQuantizeKernel<T, TVector>(DynamicQuantizeStep step, sbyte* y, IntegerMemory memory) : Kernel
    where T : ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Prepares a step.</summary>
    public static void Add(DynamicQuantizeStep step, Placement placement)
    {
        _ = placement.WritePlanar(step.ZeroPoint);
        placement.Add(new DynamicQuantizeKernel<T, TVector>(step, placement.WritePlanar(step.Y), placement.Memory));
    }

    /// <inheritdoc/>
    public override void Run()
    {
        var x = memory.TensorOf(step.X).AsSpan<float>();
        var parameters = DynamicQuantizeStep.ParamsOf(x);
        QuantizeKernel.Run<T, TVector>(x, parameters, y);
        step.Found(memory, parameters);
    }
}
