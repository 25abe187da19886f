namespace Octet.Inference.Kernels;

/// <summary>One prepared piece of work of a session: it knows where its operands lie.</summary>
internal abstract class Kernel
{
    /// <summary>Does it.</summary>
    public abstract void Run();
}
