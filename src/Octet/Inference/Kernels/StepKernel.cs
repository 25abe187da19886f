using Octet.Integers;

namespace Octet.Inference.Kernels;

/// <summary>A step's own scalar code.</summary>
internal sealed class StepKernel(IntegerStep step, IntegerMemory memory) : Kernel
{
    /// <inheritdoc/>
    public override void Run() => step.Run(memory);
}
